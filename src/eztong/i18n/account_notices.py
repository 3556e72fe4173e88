"""The words of messages about the account itself: its codes, sign-ins, freezes, phone, address and application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.notices import Topic

_ZH: Final = "zh-CN"
_EN: Final = "en"

ACCOUNT_SENTENCES: Final[Mapping[Topic, Mapping[str, str]]] = {
    Topic.OTP: {
        _ZH: "验证码 {otp}，用于{purpose}，{minutes} 分钟内有效。"
        "不要告诉任何人，我们的工作人员也不会向您索要。如非本人操作，请忽略本短信。",
        _EN: "{otp} is your code to {purpose}. It works for {minutes} minutes. "
        "Do not tell it to anyone; our staff will never ask for it. If you did not ask for it, ignore this message.",
    },
    Topic.REGISTRATION_DECIDED: {
        _ZH: "您的网络身份注册申请有了结果：{decision}",
        _EN: "Your application for an online identity: {decision}",
    },
    Topic.APPLICATION_LAPSED: {
        _ZH: "您的网络身份注册申请 30 天没有收到补充说明，已经终止，填写的姓名、号码和手机号都已删除。"
        "需要时可以重新申请。",
        _EN: "What we asked about your application for an online identity was not answered for 30 days. It has "
        "ended, and the name, number and phone that were entered are erased. You can apply again.",
    },
    Topic.CODE_USED: {
        _ZH: "您的身份 {at} 在「{partner}」核验过。如非本人操作，请打开 {link} 冻结账户，不用登录，24 小时内有效。",
        _EN: "You were verified at “{partner}” ({at}). If that was not you, freeze your account at {link}; "
        "you need not sign in. The link works for 24 hours.",
    },
    Topic.CODE_REPLAYED: {
        _ZH: "有人在「{partner}」再次出示了您已用过的身份码，已被拒绝。"
        "请勿让他人拍摄您的身份码；如有疑虑，请立即冻结账户。",
        _EN: "A code of yours that was already used was tried again at “{partner}” and refused. "
        "Let no one photograph your code; if in doubt, freeze your account at once.",
    },
    Topic.PARTNER_CLOSED: {
        _ZH: "「{partner}」已停用本服务，您给它的授权和它识别您的编码都已失效。它收到的信息，请联系它删除。",
        _EN: "“{partner}” has left the service. Whatever you allowed it has ended, and the code by which it knows "
        "you is verified no more. To have it erase what it received, write to it.",
    },
    Topic.ACCOUNT_FROZEN: {
        _ZH: "您的账户已冻结，所有身份码和登录立即失效。如非本人操作，请联系我们；本人可重新核验身份后解冻。",
        _EN: "Your account is frozen: every code and every sign-in ended at once. "
        "If you did not ask for this, contact us. You can lift the freeze by proving your identity again.",
    },
    Topic.DEVICE_BOUND: {
        _ZH: "您的账户刚刚在一台新设备上登录，原设备已停用。如非本人操作，请立即挂失。",
        _EN: "Your account was just opened on a new device, and the earlier one stopped working. "
        "If that was not you, freeze your account at once.",
    },
    Topic.ACCOUNT_RECOVERED: {
        _ZH: "您的账户已找回，之前的设备、登录和通行密钥全部失效。如非本人操作，请立即挂失。",
        _EN: "Your account was recovered: earlier devices, sign-ins and passkeys all ended. "
        "If that was not you, freeze your account at once.",
    },
    Topic.WRONG_CODES: {
        _ZH: "有人想{purpose}，多次输错了发给您的验证码，没有成功。"
        "如果不是您本人，账户没有变化，不要把验证码告诉任何人；如有疑虑，请冻结账户。",
        _EN: "Somebody typed wrong codes several times to {purpose} with your account, without success. "
        "If it was not you, nothing happened: tell your codes to nobody; if in doubt, freeze your account.",
    },
    Topic.REGISTERED_AGAIN: {
        _ZH: "有人用您的姓名和证件号码再次申请注册，已被拒绝，您的账户没有变化。"
        "如果不是您本人，说明有人知道您的信息，请留意。",
        _EN: "Somebody applied again with your name and document number and was refused; "
        "your account is as it was. If it was not you, somebody knows these data: take care.",
    },
    Topic.RECOVERY_WAITING: {
        _ZH: "有人凭短信验证码和您的姓名、号码申请找回账户，将于 {until} 生效。"
        "如非本人操作，请打开 {link} 立即阻止，不用登录。",
        _EN: "Somebody asked to recover your account with a message code, your name and your number. "
        "It takes effect on {until}. If that was not you, stop it at {link}; you need not sign in.",
    },
    Topic.RECOVERY_STOPPED: {
        _ZH: "账户找回已被阻止。72 小时内，只能用通行密钥或 PIN 码找回。如有疑虑，请立即挂失或联系我们。",
        _EN: "The recovery of your account that was waiting has been stopped. "
        "For 72 hours only a passkey or the PIN can recover it. If in doubt, freeze your account or contact us.",
    },
    Topic.PASSKEY_ADDED: {
        _ZH: "您的账户新增了一个通行密钥，可用它登录和找回账户。如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        _EN: "A passkey was added to your account; it can sign in and recover the account. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.PIN_CHANGED: {
        _ZH: "您的账户的 PIN 码已更改。如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        _EN: "The PIN of your account was changed. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.AFTER_DEATH_CHOSEN: {
        _ZH: "您的账户更改了“身后安排”。如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        _EN: "Your account's choice for after your death was changed. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.AUTHORISATION_WITHDRAWN: {
        _ZH: "您的账户撤回了《用户授权协议》，身份认证已经停止，未用的身份码作废。记录仍可查看，"
        "重新同意后可以继续使用。如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        _EN: "Your account withdrew the user authorisation agreement: authentication has stopped and unused codes "
        "are void. Your records stay readable, and you can agree again. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.DOCUMENT_ENDS: {
        _ZH: "您登记的身份证件有效期至 {until}，到期后只能用于要求不高的场景。"
        "换领新证后，请登录并在“我的 > 资料核对”里按“重新核对”。",
        _EN: "The identity document on your account is valid until {until}; after that only simple uses work. "
        "Once you have a new one, sign in and press “Check again” under Me > Identity check.",
    },
    Topic.ACCOUNT_RESTRICTED: {
        _ZH: "您的账户的使用受到限制，原因：{cause}。还能用什么、怎么恢复，请登录后在“我的 > 资料核对”查看。",
        _EN: "The use of your account was limited: {cause}. "
        "What still works and how to mend it, you see under Me > Identity check after signing in.",
    },
    Topic.RESTRICTION_LIFTED: {
        _ZH: "您的账户的一项限制已解除：{cause}。如非本人操作，请联系我们。",
        _EN: "A limit on your account was lifted: {cause}. If you did not expect this, contact us.",
    },
    Topic.DEREGISTRATION_ASKED: {
        _ZH: "您已申请注销账户，编号 {number}。账户已停用，{until} 前可以在网页上撤回，之后删除且不能恢复。"
        "如非本人操作，请马上挂失并选择“账户可能被盗用”，注销随即停止。",
        _EN: "Your account is being deregistered: number {number}. It does nothing any more; until {until} you can "
        "undo this on our pages, then it is erased for good. If that was not you, freeze it at once and choose "
        "“Someone may be using my account”: that stops it.",
    },
    Topic.DEREGISTRATION_UNDONE: {
        _ZH: "注销申请 {number} 已撤回，您的账户回到申请之前的状态。如非本人操作，请马上挂失并联系我们。",
        _EN: "The deregistration {number} was undone; your account is as it was before. "
        "If that was not you, freeze it at once and contact us.",
    },
    Topic.DEREGISTERED: {
        _ZH: "注销已办结，您的账户和个人信息已删除。回执可凭编号 {number} 和查询密码在“意见反馈”查询页下载。",
        _EN: "Deregistration is done: your account and personal data are erased. With the number {number} and the "
        "secret you can download the receipt from the page “Look up feedback”.",
    },
    Topic.PHONE_CHANGED: {
        _ZH: "您的账户已换到另一个手机号，不再用本号码登录。如非本人操作，请在 {until} 前打开 {link} 换回，不用登录。",
        _EN: "Your account was moved to another number; this one signs in no more. "
        "If that was not you, take it back at {link} until {until}; you need not sign in.",
    },
    Topic.PHONE_WAITING: {
        _ZH: "有人申请把您的账户换到另一个手机号，将于 {until} 生效。如非本人操作，请打开 {link} 立即阻止，不用登录。",
        _EN: "Somebody asked to move your account to another number. It takes effect on {until}. "
        "If that was not you, stop it at {link}; you need not sign in.",
    },
    Topic.PHONE_ADDED: {
        _ZH: "手机号 {number} 已成为您的账户的手机号，通知和验证码发到这里。如果您没有办理，请立即挂失或联系我们。",
        _EN: "{number} is now the phone of your account: its codes and news go there. "
        "If you did not ask for this, freeze the account at once or contact us.",
    },
    Topic.PHONE_COMING: {
        _ZH: "手机号 {number} 将于 {until} 成为您的账户的手机号。如果您没有办理，请立即挂失或联系我们。",
        _EN: "{number} becomes the phone of your account on {until}. "
        "If you did not ask for this, freeze the account at once or contact us.",
    },
    Topic.PHONE_KEPT: {
        _ZH: "账户更换手机号已被阻止或换回，原手机号保持不变。如有疑虑，请立即挂失或联系我们。",
        _EN: "The change of an account's phone was stopped or taken back: the old number stays. "
        "If in doubt, freeze the account at once or contact us.",
    },
    Topic.NAME_CORRECTED: {
        _ZH: "您的账户的姓名已按身份机构的记录更正。如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        _EN: "The name of your account was corrected, as the identity authority has it. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.EMAIL_PROOF: {
        _ZH: "有人把这个邮箱填写为接收账户通知的邮箱。如果是您本人，请在一小时内打开 {link} 确认。"
        "如果不是，请不要确认，也不用做什么：没有确认，我们不会再发邮件到这里。",
        _EN: "Somebody gave this address to receive the notices of an account. If that was you, confirm it within "
        "an hour at {link}. If not, do nothing: without that we send nothing here.",
    },
    Topic.EMAIL_ADDED: {
        _ZH: "您的账户添加了一个邮箱，通知会同时发到那里。邮箱不能用来登录或找回账户。"
        "如非本人操作，请立即冻结账户，并在“我的 > 通知”中删除它。",
        _EN: "An e-mail address was added to your account; notices go there, too. It neither signs in nor "
        "recovers the account. If that was not you, freeze your account at once, and remove it under Me > Notices.",
    },
    Topic.EMAIL_REMOVED: {
        _ZH: "您的账户的邮箱已删除，通知不再发到那里。如非本人操作，请立即冻结账户。",
        _EN: "The e-mail address of your account was removed; notices no longer go there. "
        "If that was not you, freeze your account at once.",
    },
    Topic.TEST: {
        _ZH: "这是一条测试消息，用来检查消息能否送达。您不需要做什么。",
        _EN: "This is a test of whether messages arrive. You need not do anything.",
    },
}

STOPPED_BY_US: Final[Mapping[str, str]] = {
    _ZH: "您的账户已被停用，所有身份码和登录立即失效。这不是您本人操作的，也不能自行恢复："
    "请联系我们了解原因，核实后恢复。",
    _EN: "Your account was stopped, not by you: every code and every sign-in ended at once. "
    "You cannot undo this yourself. Contact us for the reason; after a check the account opens again.",
}
"""The words of ``account_frozen`` where the operator or the risk rules froze."""

STOPPED_BY_GUARDIAN: Final[Mapping[str, str]] = {
    _ZH: "您的账户已由监护人冻结，或者没有监护人了，所有身份码和登录立即失效。请让监护人在“我的 > 家人”中解除，"
    "或者登录后邀请新的监护人。",
    _EN: "Your account was frozen by your guardian, or has none any more: every code and every sign-in ended at "
    "once. Ask your guardian to undo it under Me > Family, or sign in and invite a new one.",
}
"""The words of ``account_frozen`` where a guardian froze, or a ward has none."""

UNTIL_MIDNIGHT: Final[Mapping[str, str]] = {
    _ZH: "验证码 {otp}，用于{purpose}，今天 24 点前有效；今天请求次数较多，再次请求仍用此码。"
    "不要告诉任何人，我们的工作人员也不会向您索要。如非本人操作，请忽略本短信。",
    _EN: "{otp} is your code to {purpose}. It works until midnight, also if you ask again: many codes were asked "
    "for today. Do not tell it to anyone; our staff will never ask for it. "
    "If you did not ask for it, ignore this message.",
}
"""The words of ``otp`` for the reserve code."""
