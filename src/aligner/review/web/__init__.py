"""The web editor: pages and a small script over sessions, for one person on this machine.

    browser ──▶ guard (token, Host, Origin) ──▶ app ──▶ Session ──▶ decisions on the disk ──▶ answer

Needs the extra `review`. Pages are rendered here; the script asks for rows as they are scrolled to and for
nothing else that is a page. Nothing is loaded from outside.
"""
