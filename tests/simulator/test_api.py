"""The other API functions over HTTP: tokens, media, contacts, menu, login."""

from datetime import timedelta

import requests

from tests.simulator.company import Api, company, let_machine_time_pass


def test_a_token_serves_two_hours_and_is_the_same_meanwhile() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        assert Api(wecom).log_in().token == api.token
        wecom.advance(timedelta(days=14))
        assert api.send()["errcode"] == 0
        let_machine_time_pass(wecom, timedelta(hours=2))
        assert api.send()["errcode"] == 42001
        assert api.log_in().send()["errcode"] == 0


def test_tokens_that_are_none() -> None:
    with company() as wecom:
        assert Api(wecom).send()["errcode"] == 41001
        assert Api(wecom, token="made up").send()["errcode"] == 40014


def test_wrong_secrets_lead_to_a_ban() -> None:
    with company() as wecom:
        corp = wecom.corp
        codes = [
            Api(wecom).get("gettoken", corpid=corp.corp_id, corpsecret="wrong")["errcode"]
            for _ in range(6)
        ]
        assert codes == [40001] * 5 + [45009]
        right = {"corpid": corp.corp_id, "corpsecret": corp.secret}
        assert Api(wecom).get("gettoken", **right)["errcode"] == 45009
        let_machine_time_pass(wecom, timedelta(hours=1))
        assert Api(wecom).get("gettoken", **right)["errcode"] == 0


def test_a_file_goes_up_and_comes_down() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        url = f"{wecom.base_url}/cgi-bin/media/upload"
        query = {"access_token": api.token, "type": "file"}
        files = {"media": ("summary.xlsx", b"PK-workbook")}
        media_id = requests.post(url, params=query, files=files, timeout=5).json()["media_id"]
        assert api.send(msgtype="file", file={"media_id": media_id})["errcode"] == 0
        assert wecom.pushes("lifang") == ["[文件] summary.xlsx"]
        query = {"access_token": api.token, "media_id": media_id}
        got = requests.get(f"{wecom.base_url}/cgi-bin/media/get", params=query, timeout=5)
        assert got.content == b"PK-workbook"
        wecom.advance(timedelta(days=4))
        assert api.log_in().get("media/get", media_id=media_id)["errcode"] == 40007


def test_media_that_are_refused() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        url = f"{wecom.base_url}/cgi-bin/media/upload"
        for kind, content, errcode in (
            ("film", b"123456", 40004),
            ("file", b"12345", 44001),
            ("voice", b"1" * (2 * 1024 * 1024 + 1), 45001),
        ):
            query = {"access_token": api.token, "type": kind}
            answer = requests.post(url, params=query, files={"media": ("a", content)}, timeout=5)
            assert answer.json()["errcode"] == errcode


def test_contacts() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        assert api.get("user/get", userid="LIFANG")["name"] == "李芳"
        assert api.get("user/get", userid="nobody")["errcode"] == 60111
        names = [one["name"] for one in api.get("user/simplelist", department_id="1")["userlist"]]
        assert names == ["李芳", "王强", "张伟", "路人"]
        assert api.get("user/simplelist", department_id="99")["errcode"] == 60003
        page = api.post("user/list_id", {"limit": 3})
        rest = api.post("user/list_id", {"limit": 3, "cursor": page["next_cursor"]})
        assert len(page["dept_user"]) == 3
        assert [one["userid"] for one in rest["dept_user"]] == ["luren"]
        assert rest["next_cursor"] == ""


def test_the_menu() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        assert api.get("menu/get")["errcode"] == 46003
        menu = {"button": [{"type": "click", "name": "我的任务", "key": "tasks"}]}
        assert api.post("menu/create", menu)["errcode"] == 0
        assert api.get("menu/get")["button"] == menu["button"]
        assert api.post("menu/create", {"button": []})["errcode"] == 40058
        api.get("menu/delete")
        assert api.get("menu/get")["errcode"] == 46003


def test_a_login_code_tells_who_is_on_the_phone_once() -> None:
    with company() as wecom:
        wecom.connect("http://127.0.0.1:9/wecom/callback")
        url = f"{wecom.base_url}/connect/oauth2/authorize"
        query = {"redirect_uri": "http://127.0.0.1:9/console/", "state": "s1"}
        cookies = {"simulator_userid": "zhangwei"}
        way_back = requests.get(
            url, params=query, cookies=cookies, timeout=5, allow_redirects=False
        ).headers["Location"]
        code = way_back.split("code=")[1].split("&")[0]
        api = Api(wecom).log_in()
        assert way_back.endswith("&state=s1")
        assert api.get("auth/getuserinfo", code=code)["userid"] == "zhangwei"
        assert api.get("auth/getuserinfo", code=code)["errcode"] == 40029
        query["redirect_uri"] = "http://elsewhere.example/"
        refused = requests.get(url, params=query, cookies=cookies, timeout=5)
        assert refused.status_code == 400


def test_broken_json_and_unknown_functions() -> None:
    with company() as wecom:
        api = Api(wecom).log_in()
        url = f"{wecom.base_url}/cgi-bin/message/send?access_token={api.token}"
        assert requests.post(url, data=b"{broken", timeout=5).json()["errcode"] == 47001
        assert requests.post(url, data=b"[1]", timeout=5).json()["errcode"] == 47001
        assert requests.get(f"{wecom.base_url}/cgi-bin/no/such", timeout=5).status_code == 404


def test_the_page_is_only_for_this_machine() -> None:
    with company() as wecom:
        headers = {"Host": "evil.example"}
        answer = requests.get(f"{wecom.base_url}/simulator/people", headers=headers, timeout=5)
        assert answer.status_code == 403
