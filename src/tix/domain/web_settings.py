"""The settings of the web page."""

from tix.domain import setting_values as value
from tix.domain.setting_values import BOOLEANS, Setting

WEB = (
    Setting(
        "web.url",
        "none",
        "Address of this desk's web page, e.g. https://desk.example; links in mails begin with it.",
        value.web_url,
    ),
    Setting(
        "web.language",
        "auto",
        "Language of the web page: auto (as the browser says), en, de or vi.",
        value.one_of("auto", "en", "de", "vi"),
    ),
    Setting(
        "web.zone",
        "none",
        "Time zone of the web page for people who have not chosen theirs, e.g. Europe/Berlin (default: the server's).",
        value.zone,
    ),
    Setting(
        "web.password_resets",
        "true",
        "Whether people can set a new password by a link in a mail; needs web.url and mail.from_address.",
        value.one_of(*BOOLEANS),
        internal=True,
    ),
    Setting(
        "web.sign_in_links",
        "false",
        "Whether people can sign in by a link in a mail, without a password.",
        value.one_of(*BOOLEANS),
        internal=True,
    ),
    Setting(
        "web.session_idle",
        "3d",
        "How long somebody stays signed in without using the web page, e.g. 12h; at least 30m.",
        value.session_time,
        internal=True,
    ),
    Setting(
        "web.session_max",
        "30d",
        "How long somebody stays signed in at most, e.g. 7d; at least 30m.",
        value.session_time,
        internal=True,
    ),
)
