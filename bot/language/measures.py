"""The measure words (量词) of work reports, and what only looks like one. Data, no rules."""

from bot.language.words import words

MEASURES = words(
    "人次 场次 批次 车次 户次 家次 班次 人天 件套 平方米 平米 公里 千米 公斤 千克 立方米"
    " 部队 社区 街道 单位 企业 学校 家庭 商户 县 村 镇 乡 市"
    " 个 名 位 人 户 家 所 支 场 次 批 件 份 套 台 箱 吨 斤 袋 桶 部 辆 条 项 篇 期 组 幅 面"
    " 块 处 座 间 亩 米 株 棵 本 册 张 封 只 头 对 趟 轮 届 堂 节 例 起 宗 笔 车 盒 床 瓶 双 副"
    " 架 艘 根 段 首 门 队 站 班 种 类 盏 顶 把 枚 代"
)
"""Longest first where one begins with another, so that 人次 is met before 人."""

LOOKALIKES = words(
    "个月 个半月 个工作日 个星期 个礼拜 个小时 个钟头 个季度 个百分点 个别 个人 个体 个性"
    " 个不摘 个意识 个维护 个自信 个确立 个明确 个全面 个一 个带头"
    " 项合计 项共计 项总计 项累计 项相加 次常委 次常务 次全会 次党代会 次性 家属 家人 场地 场所"
    " 名单 名称 名录 组织 组长 组建 组成 部门 部署 部分 份额 台账 面向 所有 所在 所需 支持 支前"
    " 支出"
    " 支部 期间 期限 期满 对象 对口 对接 对于 对外 对账 对照 对标 人员 人民 人社 人武 人数 人均"
    " 人大 人才 人手 人防 条件 条例 处理 处置 座谈 间接 本地 本县 本市 本月 本周 本级 本部门 本单位"
    " 张贴 封闭 只有 只剩 只是 只差 站点 班子 种种 类似 把关 代表 代为 起草 起来 起步 起码 轮次"
    " 节前 节后 节日 节约 套路 件事 车辆 双拥 双清单 单位负责 位于 位置 市委 市政府 市直 市级"
    " 县委 县级 县政府 县直 县区 村委 村级 镇政府 乡村 乡镇 企业家 队员 队伍 门户 段时间 户籍 户口"
    " 批准 批复 批示 例如 例行 笔试 米面 头一 首先 首次 架构 根据 次数 次日 次月"
)
"""Words that begin with a measure word and are none."""

FIXED_ONE = words(
    "批 次性 方 带 流 致 道 些 直 般 体 线 站 件事 把手 部分 样 条龙 家人 家亲 起 面 对一"
)
"""What after 一 makes a word of its own (一批, 一线, 一起), not a count of one."""

MONEY_KINDS = words(
    "慰问金 慰问品 慰问物资 生活补助金 困难补助 救助金 帮扶资金 帮扶金 专项资金 专项经费"
    " 工作经费 双拥经费 优待金 抚恤金 奖励金 奖金 补助金 补助 补贴 助学金 奖学金 保障金 安置费"
    " 保险费 住院费 医疗费"
    " 捐款 款物 物资 现金 善款 资金 经费 款项 物品 米面油 礼品 红包 贷款 投资 预算 费用 花费 慰问款"
)
"""What money is called in reports; the last one named beside a sum tells what it is for."""
