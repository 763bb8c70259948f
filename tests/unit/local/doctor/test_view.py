"""What the doctor shows: short where all is well, the worst last, folded on a terminal and one line a finding elsewhere."""

from io import StringIO

from rich.console import Console

from local.doctor.checks import Result
from local.doctor.findings import Finding, Level, error, warning, well
from local.doctor.view import show

LONG = (
    "no mail server answers at mail.example.org:465 (SMTPConnectTimeoutError: timed out after five seconds of waiting)"
)
RESULTS = [
    Result("python", (well("Python 3.14.0"),)),
    Result("smtp", (error(LONG, meaning="mails wait, " * 12, mend="set RENCONTRES_SMTP_URL to where it is"),)),
    Result("users", (well("registration-api: its own"), well("registration-relay: its own"))),
    Result("clocks", (Finding(Level.SKIPPED, "clock of the database: [nobody] looks"), well("the broker: 0 s apart"))),
    Result("public url", (warning("it is not https", meaning="everybody reads it", mend="put TLS before it"),)),
]


def test_what_is_well_takes_a_line_and_what_is_wrong_comes_last() -> None:
    lines = _shown(RESULTS, terminal=False).splitlines()

    assert lines[2:6] == [
        "✓ python      Python 3.14.0",
        "✓ users       all 2 well",
        "✓ clocks      the broker: 0 s apart",
        "– clocks      clock of the database: [nobody] looks",
    ]
    assert lines[7:10] == ["! public url: it is not https", "  means  everybody reads it", "  mend   put TLS before it"]
    assert lines[11] == f"✗ smtp: {LONG}"
    assert lines[-1] == "1 thing to mend, 1 warning."


def test_on_a_terminal_every_line_fits_and_elsewhere_nothing_is_coloured() -> None:
    assert "\x1b[" in _shown(RESULTS, terminal=True)
    assert max(map(len, _shown(RESULTS, terminal=True, colours=False).splitlines())) <= 80
    assert "\x1b" not in _shown(RESULTS, terminal=False)


def test_no_command_is_torn_at_a_hyphen_or_in_a_word() -> None:
    text = "run rencontres-something " * 8
    shown = _shown([Result("x", (error("no", meaning="no", mend=text),))], terminal=True, colours=False)
    assert shown.count("rencontres-something") == 8


def test_nothing_to_mend_is_said_so() -> None:
    assert _shown(RESULTS[:1], terminal=False).splitlines()[-1] == "Nothing to mend."


def _shown(results: list[Result], *, terminal: bool, colours: bool = True) -> str:
    output = StringIO()
    console = Console(
        file=output,
        width=80,
        highlight=False,
        force_terminal=terminal,
        color_system="standard" if terminal and colours else None,
    )
    show(results, "this shell", console)
    return output.getvalue()
