"""The words by which mail clients introduce quoted text, forwards and signatures, in 20 languages.

Collected from what Outlook, Exchange, Gmail, Apple Mail, Thunderbird and GMX write. All are compared casefolded.
Languages that are missing (Arabic, Hebrew, Thai, …) cost nothing: their mails are shown in full.
"""

from __future__ import annotations

from collections.abc import Mapping

# The lines of a header block by language. Kinds: from, date, to, subject, and copies, which are no proof of a block.
_HEADERS: Mapping[str, Mapping[str, str]] = {
    "en": {"from": "from", "date": "sent|date|sent on", "to": "to", "subject": "subject"},
    "de": {
        "from": "von",
        "date": "gesendet|gesendet am|datum",
        "to": "an",
        "subject": "betreff",
        "copy": "kopie",
    },
    "fr": {
        "from": "de|expéditeur",
        "date": "envoyé|envoyé le|date|date d'envoi|date d’envoi",
        "to": "à|a|pour|destinataire",
        "subject": "objet|sujet",
        "copy": "copie|copie à",
    },
    "es": {
        "from": "de|remitente",
        "date": "enviado|enviado el|fecha",
        "to": "para|destinatario",
        "subject": "asunto",
        "copy": "copia",
    },
    "it": {
        "from": "da|mittente",
        "date": "inviato|inviato il|data",
        "to": "a|destinatario",
        "subject": "oggetto",
        "copy": "copia",
    },
    "pt": {
        "from": "de|remetente",
        "date": "enviado|enviada|enviado em|enviada em|data",
        "to": "para|destinatário",
        "subject": "assunto",
        "copy": "cópia",
    },
    "nl": {
        "from": "van|afzender",
        "date": "verzonden|datum",
        "to": "aan",
        "subject": "onderwerp",
        "copy": "kopie",
    },
    "sv": {
        "from": "från|avsändare",
        "date": "skickat|datum",
        "to": "till",
        "subject": "ämne",
        "copy": "kopia",
    },
    "da": {"from": "fra|afsender", "date": "sendt|dato", "to": "til", "subject": "emne", "copy": "kopi"},
    "no": {"from": "fra|avsender", "date": "sendt|dato", "to": "til", "subject": "emne", "copy": "kopi"},
    "fi": {
        "from": "lähettäjä",
        "date": "lähetetty|päivä|päivämäärä|päiväys",
        "to": "vastaanottaja",
        "subject": "aihe",
        "copy": "kopio",
    },
    "pl": {
        "from": "od|nadawca",
        "date": "wysłano|wysłane|data",
        "to": "do|adresat",
        "subject": "temat",
        "copy": "dw|udw|kopia",
    },
    "cs": {
        "from": "od|odesílatel",
        "date": "odesláno|datum",
        "to": "komu|příjemce",
        "subject": "předmět",
        "copy": "kopie",
    },
    "ru": {
        "from": "от|от кого|отправитель",
        "date": "отправлено|дата",
        "to": "кому|получатель",
        "subject": "тема",
        "copy": "копия",
    },
    "uk": {
        "from": "від|від кого|відправник",
        "date": "надіслано|відправлено|дата",
        "to": "кому|одержувач",
        "subject": "тема",
        "copy": "копія",
    },
    "tr": {
        "from": "kimden|gönderen",
        "date": "gönderildi|gönderme tarihi|tarih",
        "to": "kime|alıcı",
        "subject": "konu",
        "copy": "bilgi",
    },
    "vi": {
        "from": "từ|người gửi",
        "date": "đã gửi|ngày|ngày gửi",
        "to": "đến|tới|người nhận",
        "subject": "chủ đề|tiêu đề",
    },
    "ja": {
        "from": "差出人|送信者|送信元",
        "date": "送信日時|日時|日付",
        "to": "宛先|宛て先",
        "subject": "件名|タイトル",
    },
    "zh": {
        "from": "发件人|发件者|寄件者|寄件人",
        "date": "发送时间|发送日期|日期|时间|寄件日期|傳送時間|時間",
        "to": "收件人|收件者",
        "subject": "主题|主題|主旨",
        "copy": "抄送|副本",
    },
    "ko": {
        "from": "보낸 사람|보낸사람|보낸이",
        "date": "보낸 날짜|보낸날짜|날짜",
        "to": "받는 사람|받는사람|받는이",
        "subject": "제목",
        "copy": "참조",
    },
}
_COPIES = "cc|bcc"  # in every language


def _by_word() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for language, kinds in _HEADERS.items():
        for kind, names in (*kinds.items(), ("copy", _COPIES)):
            for name in names.split("|"):
                found.setdefault(name, {})[language] = kind
    return found


# word → language → kind: a block holds words of one language only.
HEADERS: Mapping[str, Mapping[str, str]] = _by_word()

# Attributions that end with the verb: "On …, Pat wrote:". Longer ones first where one ends another.
FINAL = (
    "wrote the following|wrote|writes|hat folgendes geschrieben|folgendes geschrieben|hat geschrieben|geschrieben"
    "|schrieb|schreibt|a écrit|a ecrit|écrit|escribió|escribio|ha scritto|scritto|escreveu"
    "|het volgende geschreven|geschreven|schreef|skrev följande|skrev følgende|skrev|skreiv|kirjoitti"
    "|napisał(a)|napisała|napisał|napsal(a)|napsala|napsal|написал(а)|написала|написал|пишет|писал|писала"
    "|написав(ла)|написала|написав|пише|tarihinde şunu yazdı|şunu yazdı|yazdı|đã viết|viết"
    "|a scris|έγραψε|napísal(a)|napísala|napísal|napisao je|napisala je|написа|menulis"
).split("|")
# The same where words have no spaces between them.
FINAL_UNSPACED = (
    "写道|写到|寫道|のメール|さんは書きました|は書きました|님이 작성|님이 다음을 작성|작성".split("|")
)
# Attributions with the name after the verb: "Am … schrieb Pat:".
MIDDLE = "schrieb|schreef|skrev|skreiv".split("|")
# First words of an attribution that begins with its date.
LEADS = frozenset(
    "on am at le el il em op den på vào lúc dnia dne dňa в у в: 在 于 於 ngày il giorno w".split()
)

# "-----Original Message-----", without the dashes.
ORIGINALS = frozenset(
    """original message|original mail|ursprüngliche nachricht|ursprüngliche mail|originalnachricht|original-nachricht
|message d'origine|message d’origine|message original|mensaje original|messaggio originale|mensagem original
|oorspronkelijk bericht|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|original meddelelse
|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|původní e-mail
|исходное сообщение|оригинальное сообщение|початкове повідомлення|оригінальне повідомлення|orijinal mesaj|özgün ileti
|thư gốc|tin nhắn gốc|元のメッセージ|原始邮件|原始郵件|原邮件|원본 메시지|원본 메일""".replace(
        "\n", ""
    ).split("|")
)

# How the line above a forwarded mail begins, without dashes.
FORWARDS = tuple(
    """forwarded message|forwarded by|forwarded mail|begin forwarded message|weitergeleitete nachricht
|anfang der weitergeleiteten|weitergeleitet von|message transféré|message réexpédié|début du message
|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|mensagem encaminhada
|início da mensagem|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat|vidarebefordrat brev
|videresendt|videresendte|start på videresendt|välitetty viesti|välitetty|przekazana wiadomość|wiadomość przekazana
|początek przekazywanej|přeposlaná zpráva|začátek přeposílané|пересылаемое сообщение|пересланное сообщение
|переадресованное|начало переадресованного|переслане повідомлення|перенаправлене|iletilen mesaj|iletilen ileti
|yönlendirilmiş|thư được chuyển tiếp|tin nhắn đã chuyển tiếp|bắt đầu thư|転送されたメッセージ|転送|转发的邮件|转发邮件
|转发邮件信息|轉寄的郵件|轉寄郵件|轉寄|전달된 메시지|전달된 메일""".replace("\n", "").split("|")
)

# How a line that a phone or a program adds at the end begins …
DEVICE_LEADS = tuple(
    """sent from my |sent from mail for |sent from outlook|sent from yahoo|sent from proton|sent from samsung|sent via
|sent with |get outlook for |von meinem |von meiner |gesendet von |gesendet mit |diese nachricht wurde von |outlook für
|envoyé de mon |envoyé depuis |envoyé à partir |obtenir outlook |télécharger outlook |enviado desde |obtener outlook
|inviato da |inviato dal |ottieni outlook |scarica outlook |enviado do |enviado de |obter o outlook |verstuurd vanaf
|verzonden vanaf |verzonden met |outlook downloaden |skickat från |hämta outlook |sendt fra |hent outlook |skaff outlook
|lähetetty |hanki outlook |wysłane z |wysłano z |pobierz outlook |odesláno z |stáhnout outlook |отправлено с |отправлено из
|скачать outlook |надіслано з |завантажити outlook |iphone'umdan |iphone’umdan |outlook'u |được gửi từ |gửi từ |tải outlook
|iphoneから|ipadから|androidから|发自我的|发自|從我的|傳送自|나의 iphone|나의 ipad|내 galaxy|내 iphone""".replace(
        "\n", ""
    ).split("|")
)
# … and what it names: "Sent via courier yesterday" is a sentence. Beginnings of words …
DEVICES = tuple(
    """iphone|ipad|ios|android|samsung|galaxy|blackberry|outlook|mail for|mail app|yahoo mail|proton|huawei|xiaomi|redmi
|oppo|nokia|google pixel|windows phone|phone|smartphone|mobile|mobil|handy|tablet|telefon|téléphone|teléfono|telefoon
|telefono|puhelim|device|gerät|телефон|móvil""".replace("\n", "").split("|")
)
# … and words where there are no spaces.
DEVICES_UNSPACED = "手机|手機|携帯|휴대폰|iphone|ipad|android".split("|")
# Of these the line needs no empty line above it.
ADVERTISEMENTS = (
    "get outlook for ",
    "outlook für ",
    "obtener outlook ",
    "télécharger outlook",
    "hent outlook ",
)

# The line above the history of our notices, without dashes: ours, its translations, and those of other desks.
MARKERS = frozenset(
    """please reply above this line|reply above this line|please type your reply above this line
|bitte antworten sie oberhalb dieser zeile|bitte oberhalb dieser zeile antworten|merci de répondre au-dessus de cette ligne
|veuillez répondre au-dessus de cette ligne|responda por encima de esta línea
|por favor, responda por encima de esta línea|rispondi sopra questa riga|si prega di rispondere sopra questa riga
|responda acima desta linha|por favor, responda acima desta linha|antwoord boven deze regel|reageer boven deze regel
|svara ovanför den här raden|svar over denne linje|svar ovenfor denne linjen|vastaa tämän rivin yläpuolelle
|odpowiedz powyżej tej linii|odpovězte nad tímto řádkem|пожалуйста, ответьте выше этой строки|ответьте выше этой строки
|дайте відповідь вище цього рядка|lütfen bu satırın üstüne yanıt yazın|vui lòng trả lời phía trên dòng này
|この行より上に返信してください|この線より上に返信してください|请在此行上方回复|請在此行上方回覆|이 줄 위에 답장해 주세요""".replace(
        "\n", ""
    ).split("|")
)
