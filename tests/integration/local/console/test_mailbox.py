"""Mails come in by SMTP and are read as pages and as JSON."""

from tests.integration.local.console.conftest import Console


async def test_a_mail_is_listed_found_by_address_and_shown_in_all_its_parts(console: Console) -> None:
    await console.mail("blaise@example.org")
    mail_id = await console.mail("ada@example.org")
    found = await console.http.get("/mailbox", params={"to": "ADA"})
    assert f'href="/mailbox/{mail_id}"' in found.text
    assert "blaise@example.org" not in found.text
    for view, content in (("text", "Votre référence"), ("calendar", "An invitation"), ("source", "Message-ID")):
        assert content in (await console.http.get(f"/mailbox/{mail_id}?view={view}")).text


async def test_links_of_the_text_part_open_in_a_new_tab(console: Console) -> None:
    mail_id = await console.mail("ada@example.org")
    page = (await console.http.get(f"/mailbox/{mail_id}?view=text")).text
    assert (
        '<a href="http://127.0.0.1:8000/inscriptions/R-7K4QX-9M2TC?token=3q2-7wEj" target="_blank" rel="noopener noreferrer">'
        in page
    )


async def test_the_html_part_is_framed_in_a_sandbox_of_its_own_policy(console: Console) -> None:
    mail_id = await console.mail("ada@example.org")
    page = (await console.http.get(f"/mailbox/{mail_id}")).text
    assert f'<iframe src="/mailbox/{mail_id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    frame = await console.http.get(f"/mailbox/{mail_id}/html")
    policy = frame.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert frame.text.index('<base target="_blank">') < frame.text.index("</head>")


async def test_the_json_is_what_the_tests_and_the_command_line_read(console: Console) -> None:
    mail_id = await console.mail("ada@example.org")
    listed = (await console.http.get("/api/mailbox", params={"to": "ada", "subject": "confirmée", "limit": 5})).json()
    assert [mail["id"] for mail in listed["mails"]] == [mail_id]
    mail = (await console.http.get(f"/api/mailbox/{mail_id}")).json()
    assert mail["calendar_method"] == "REQUEST"
    assert "token=3q2-7wEj" in mail["text"]
    assert {"name": "To", "value": "ada@example.org"} in mail["headers"]


async def test_the_mails_of_an_erased_person_are_gone(console: Console) -> None:
    await console.mail("ada@example.org")
    await console.mail("blaise@example.org")
    answer = await console.http.delete("/api/mailbox", params={"recipient": "ADA@example.org"})
    assert answer.json() == {"deleted": 1}
    assert "ada@example.org" not in (await console.http.get("/mailbox")).text
    assert (await console.http.delete("/api/mailbox")).status_code == 400
    assert (await console.http.get("/api/mailbox")).json()["total"] == 1


async def test_a_second_arrival_of_the_same_mail_shows_in_the_counts(console: Console) -> None:
    for _ in range(2):
        await console.mail("ada@example.org")
    mails = (await console.http.get("/api/stats")).json()["mails"]
    assert (mails["received"], mails["distinct_message_ids"], mails["duplicates"]) == (2, 1, 1)


async def test_many_mails_come_in_pages(console: Console) -> None:
    for n in range(51):
        console.sink.accept(sender="x", recipients=["ada@example.org"], raw=f"Subject: mail {n}\r\n\r\n".encode())
    first, second = [(await console.http.get("/mailbox", params={"page": page})).text for page in (1, 2)]
    assert ("mail 50<" in first, "mail 0<" in first) == (True, False)
    assert "mail 0<" in second
    assert (await console.http.get("/mailbox", params={"page": "x"})).status_code == 200


async def test_what_is_not_there_is_said(console: Console) -> None:
    page = await console.http.get("/mailbox/7")
    assert (page.status_code, "not kept here" in page.text) == (404, True)
    problem = await console.http.get("/api/mailbox/7")
    assert problem.headers["content-type"] == "application/problem+json"
    assert (await console.http.get("/api/mailbox?limit=many")).status_code == 400
    assert (await console.http.get("/mailbox/99999999999999999999999")).status_code == 404
