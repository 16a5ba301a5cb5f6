"""Why a message did not go out, in words for the office."""

EXPIRED = "过期：到可以发送时，已经过了这条消息的有效时间。"
INVALID = "企业微信没有送达此人：账号不存在、已停用，或不在应用的可见范围内。"
UNLICENSED = "此人没有企业微信的基础接口许可，请在管理后台分配许可。"
BAD_ACCOUNT = "企业微信账号的写法不对，请更正名册。"
BROKEN = "准备这条消息时程序出错，请告诉维护人员。"
NO_ANSWER = "已发出但一直没有收到企业微信的答复，可能已送达；为避免重复不再发送，请向本人核实。"
THROTTLED = "此人一分钟内的消息较多，稍后再发。"
