"""What a form says about itself."""

from services.registration.pages.form_views import Form


def test_what_the_page_put_in_itself_was_typed_by_nobody() -> None:
    assert not Form(typed={"notice_version": ("2026-11",), "token": ("x",)}).anything_typed
    assert Form(typed={"notice_version": ("2026-11",), "full_name": ("Awa",)}).anything_typed
