from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import normalizers

from rag.index.charsmap import compile_charsmap

# U+0000 ends a string in this format; surrogates have no UTF-8.
characters = st.characters(min_codepoint=1, exclude_categories=["Cs"])


@settings(deadline=None)
@given(st.dictionaries(characters, st.text(characters, max_size=3), max_size=40))
def test_each_character_is_replaced_as_the_table_says(table: dict[str, str]) -> None:
    normalizer = normalizers.Precompiled(compile_charsmap(table))
    for character in [*table, "甲", "x", "é", "\U0001f600"]:
        assert normalizer.normalize_str(character) == table.get(character, character)


def test_the_same_table_has_one_form_whatever_its_order() -> None:
    assert compile_charsmap({"Ａ": "A", "\t": " "}) == compile_charsmap({"\t": " ", "Ａ": "A"})
