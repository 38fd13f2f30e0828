// Run by OmegaT itself, inside a project: loads the project's glossaries with OmegaT's own manager and
// prints what it finds for every segment. The pane and its window are not needed, only the field that says
// which segment is looked at.
import org.omegat.core.Core
import org.omegat.gui.glossary.*

def field(type, name) {
    def found = type.getDeclaredField(name)
    found.accessible = true
    found
}

def unsafe = field(sun.misc.Unsafe, "theUnsafe").get(null)
def pane = unsafe.allocateInstance(GlossaryTextArea)
def current = field(Class.forName("org.omegat.gui.common.EntryInfoThreadPane"), "currentlyProcessedEntry")
def manager = new GlossaryManager(pane)
field(GlossaryManager, "priorityGlossary").set(manager, new File("none"))
def glossaries = field(GlossaryManager, "glossaries").get(manager)
def load = GlossaryManager.getDeclaredMethod("loadGlossaryFile", File)
load.accessible = true
new File(Core.project.projectProperties.glossaryRoot).listFiles().each { file ->
    glossaries.put(file.path, load.invoke(manager, file))
}
Core.project.allEntries.each { entry ->
    current.set(pane, entry)
    new FindGlossaryThread(pane, entry, manager).search().each { hit ->
        println "HIT\t" + entry.srcText + "\t" + hit.srcText + "\t" + hit.getLocTerms(false).join("|")
    }
}
