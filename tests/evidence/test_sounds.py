import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.evidence.sounds import SoundModel, folded, names_by_sound, shipped_sounds, sound_score

TOY = SoundModel.from_table(
    {"a": {"la": 0.5, "l": 0.5}, "b": {"ma": 0.9, "": 0.1}, "c": {"ta": 1.0}, "d": {"s": 0.6, "": 0.4}}
)


def slow_score(table: dict[str, dict[str, float]], chars: str, letters: str) -> float:
    """The best product of probabilities over every way to divide the letters."""
    if not chars:
        return 1.0 if not letters else 0.0
    return max(
        (p * slow_score(table, chars[1:], letters[len(run) :]) for run, p in table[chars[0]].items()
         if letters.startswith(run)),
        default=0.0,
    )  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(chars=st.text("abcd", min_size=1, max_size=4), data=st.data())
def test_score_is_the_best_division(chars: str, data: st.DataObject) -> None:
    table = {
        "a": {"la": 0.5, "l": 0.5},
        "b": {"ma": 0.9, "": 0.1},
        "c": {"ta": 1.0},
        "d": {"s": 0.6, "": 0.4},
    }
    letters = "".join(data.draw(st.sampled_from(sorted(table[c]))) for c in chars)
    best = slow_score(table, chars, letters)
    assert 2 ** (sound_score(TOY, chars, letters) - 4.1 * len(letters)) == pytest.approx(best)


@pytest.mark.parametrize(
    ("chars", "letters"), [("桑德兰", "sunderland"), ("伊丽莎白", "elizabeth"), ("沃伦", "warren")]
)
def test_common_names_are_far_from_chance(chars: str, letters: str) -> None:
    model = shipped_sounds()
    assert sound_score(model, chars, letters) > 10
    assert sound_score(model, chars, letters[::-1]) < 5


def test_names_are_found_where_they_stand() -> None:
    found = names_by_sound(
        [list("他在巴塞罗那见到曼努埃尔先生"), list("天气很好")], ["barcelona", "manuel", "weather"]
    )
    assert ("巴塞罗那", "barcelona") in {(m.chars, m.latin) for m in found}
    assert ("曼努埃尔", "manuel") in {(m.chars, m.latin) for m in found}
    assert all(m.latin != "weather" and m.odds >= 0 for m in found)


def test_nothing_to_find() -> None:
    assert names_by_sound([], ["barcelona"]) == []
    assert names_by_sound([list("天气很好")], []) == []
    assert folded("Rø 12!") == "ro"


@settings(deadline=None, max_examples=20)
@given(
    words=st.sets(st.sampled_from(["barcelona", "trump", "obama", "messi", "ronaldo", "xyzzy", "kim"])),
    places=st.permutations(["巴塞罗那", "特朗普", "奥巴马", "梅西", "罗纳尔多", "天气很好"]),
    cells=st.sampled_from([1, 60, 4000]),
)
def test_words_are_looked_for_together_as_one_by_one(words: set[str], places: list[str], cells: int) -> None:
    text = [list(place) for place in places]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("aligner.evidence.sounds._CELLS", cells)
        found = names_by_sound(text, words)
    assert found == [match for word in sorted(words) for match in names_by_sound(text, [word])]
