"""A question of every kind, from the work of a customs office, as English and Arabic readers would meet it."""

LANGUAGES = ("en", "ar")
_LENIENT = {"case": False, "accents": False, "wildcards": False}


def questions(picture: str):
    """(kind, structure, texts) of each kind; `picture` is the sha256 of a picture that is kept for items."""
    yield _question(
        "single_choice",
        {
            "options": [
                {"key": key, "fraction": fraction} for key, fraction in (("a", "1"), ("b", "0.5"), ("c", "0"))
            ],
            "shuffle": True,
        },
        en={
            "stem": "A broker leaves a wrapped watch on your desk after a clearance. What do you do first?",
            "media": [
                {"sha256": picture, "kind": "image", "alt": "A small parcel between two stacks of declarations"}
            ],
            "hints": ["Who else should know of it before the day is over?"],
            "rationale": "A gift that follows a decision looks like its price, whatever was meant.",
            "options": {
                "a": {"text": "Return it before a witness and report it", "feedback": "Both, on the same day."},
                "b": {"text": "Return it and say nothing", "feedback": "Nobody could know that you returned it."},
                "c": {"text": "Keep it: the clearance was correct"},
            },
        },
        ar={
            "stem": "ترك مخلّص جمركي ساعة مغلّفة على مكتبك بعد إتمام التخليص. ماذا تفعل أولًا؟",
            "media": [{"sha256": picture, "kind": "image", "alt": "طرد صغير بين رزمتين من البيانات الجمركية"}],
            "hints": ["من غيرك ينبغي أن يعلم بالأمر قبل نهاية اليوم؟"],
            "rationale": "الهدية التي تأتي بعد القرار تبدو ثمنًا له مهما كانت النية.",
            "options": {
                "a": {"text": "أعيدها أمام شاهد وأبلّغ عنها", "feedback": "كلاهما، في اليوم نفسه."},
                "b": {"text": "أعيدها ولا أقول شيئًا", "feedback": "لن يعرف أحد أنك أعدتها."},
                "c": {"text": "أحتفظ بها، فالتخليص كان صحيحًا"},
            },
        },
    )
    yield _question(
        "multiple_choice",
        {
            "options": [
                {"key": key, "fraction": fraction} for key, fraction in (("a", "0.5"), ("b", "0.5"), ("c", "-0.5"))
            ],
            "shuffle": True,
        },
        en={
            "stem": "Which of these do you write into the register of gifts?",
            "options": {
                "a": {"text": "A hamper that was sent to your home", "feedback": "Wherever it arrives."},
                "b": {"text": "A gift that you refused", "feedback": "A refusal is worth a line too."},
                "c": {"text": "Coffee at a meeting of the administration"},
            },
        },
        ar={
            "stem": "أيّ ممّا يلي تدوّنه في سجل الهدايا؟",
            "options": {
                "a": {"text": "سلة أُرسلت إلى منزلك", "feedback": "أينما وصلت."},
                "b": {"text": "هدية رفضتها", "feedback": "الرفض أيضًا يستحق سطرًا."},
                "c": {"text": "قهوة في اجتماع للإدارة"},
            },
        },
    )
    yield _question(
        "true_false",
        {"correct": False},
        en={
            "stem": "A payment that only speeds up a lawful clearance is allowed.",
            "options": {"true": {"feedback": "It buys a place in the line from others."}, "false": {"feedback": ""}},
        },
        ar={
            "stem": "الدفع لتسريع تخليص قانوني أمر مسموح به.",
            "options": {"true": {"feedback": "إنه يشتري دور الآخرين."}, "false": {"feedback": ""}},
        },
    )
    yield _question(
        "ordering",
        {"elements": ["lodge", "assess", "pay", "release"], "credit": "pairs"},
        en={
            "stem": "Put the steps of a clearance into their order.",
            "elements": {
                "lodge": "The declaration is lodged",
                "assess": "Risk is assessed and, where needed, goods are examined",
                "pay": "Duties and taxes are paid",
                "release": "The goods are released",
            },
        },
        ar={
            "stem": "رتّب خطوات التخليص.",
            "elements": {
                "lodge": "يُقدَّم البيان الجمركي",
                "assess": "تُقيَّم المخاطر وتُفحص البضائع عند الحاجة",
                "pay": "تُدفع الرسوم والضرائب",
                "release": "تُفرج عن البضائع",
            },
        },
    )
    yield _question(
        "matching",
        {
            "prompts": ["gift", "threat", "error"],
            "targets": ["ethics", "security", "desk", "press"],
            "pairs": {"gift": "ethics", "threat": "security", "error": "desk"},
            "shuffle": True,
        },
        en={
            "stem": "Whom do you tell?",
            "prompts": {
                "gift": "Somebody offers you a gift",
                "threat": "A driver threatens you",
                "error": "You find a mistake in a declaration",
            },
            "targets": {"ethics": "Ethics office", "security": "Security", "desk": "Front desk", "press": "The press"},
        },
        ar={
            "stem": "من تُبلّغ؟",
            "prompts": {
                "gift": "يعرض عليك أحدهم هدية",
                "threat": "يهددك سائق",
                "error": "تجد خطأ في بيان جمركي",
            },
            "targets": {
                "ethics": "مكتب الأخلاقيات",
                "security": "الأمن",
                "desk": "مكتب الاستقبال",
                "press": "الصحافة",
            },
        },
    )
    yield _question(
        "gap_fill",
        {
            "gaps": [
                {"key": "g1", "kind": "text", "points": "1", **_LENIENT},
                {
                    "key": "g2",
                    "kind": "choice",
                    "points": "1",
                    "options": [{"key": "a", "fraction": "1"}, {"key": "b", "fraction": "0"}],
                },
                {
                    "key": "g3",
                    "kind": "number",
                    "points": "1",
                    "answers": [{"value": "50", "tolerance": "0", "fraction": "1"}],
                },
            ]
        },
        en={
            "stem": "A gift above [[g3]] euros is [[g2]] and reported to the [[g1]].",
            "gaps": {
                "g1": {"accepted": [{"text": "ethics office", "fraction": "1"}]},
                "g2": {"options": {"a": {"text": "refused"}, "b": {"text": "shared", "feedback": "Shared is kept."}}},
            },
        },
        ar={
            "stem": "الهدية التي تزيد على [[g3]] يورو [[g2]] ويُبلَّغ عنها إلى [[g1]].",
            "gaps": {
                "g1": {"accepted": [{"text": "مكتب الأخلاقيات", "fraction": "1"}]},
                "g2": {"options": {"a": {"text": "تُرفض"}, "b": {"text": "تُتقاسم", "feedback": "التقاسم احتفاظ."}}},
            },
        },
    )
    yield _question(
        "short_answer",
        _LENIENT,
        en={
            "stem": "What is a small payment called that speeds up what is due anyway?",
            "accepted": [{"text": "facilitation payment", "fraction": "1", "feedback": "That is its mild name."}],
        },
        ar={
            "stem": "ماذا تسمى دفعة صغيرة تُسرّع ما هو مستحق أصلًا؟",
            "accepted": [{"text": "مدفوعات تسهيل", "fraction": "1", "feedback": "هذا اسمها الملطّف."}],
        },
    )
    yield _question(
        "numerical",
        {
            "answers": [{"value": "12.5", "tolerance": "0.1", "fraction": "1"}],
            "units": [{"unit": "kg", "factor": "1"}, {"unit": "g", "factor": "0.001"}],
            "unit": "required",
        },
        en={
            "stem": "Five boxes weigh 13.75 kg gross; each box alone weighs 250 g. What is the net weight?",
            "feedback": ["13.75 kg less five times 0.25 kg."],
        },
        ar={
            "stem": "تزن خمسة صناديق 13٫75 كغ إجمالًا، ويزن كل صندوق فارغ 250 غ. ما الوزن الصافي؟",
            "feedback": ["13٫75 كغ ناقص خمسة أضعاف 0٫25 كغ."],
        },
    )
    yield _question(
        "hotspot",
        {
            "image": picture,
            "ratio": "0.5",
            "areas": [
                {"key": "seal", "shape": "circle", "coords": [500, 500, 100], "fraction": "1"},
                {"key": "door", "shape": "rect", "coords": [600, 200, 300, 600], "fraction": "0"},
            ],
        },
        en={
            "stem": "Where would you look first?",
            "image_alt": "The back of a container",
            "areas": {"seal": "The seal", "door": "The right door"},
        },
        ar={
            "stem": "أين تنظر أولًا؟",
            "image_alt": "مؤخرة حاوية",
            "areas": {"seal": "الختم", "door": "الباب الأيمن"},
        },
    )
    fields = {
        "origin": ("Country of origin", "Puerto Alba", "بلد المنشأ", "بويرتو ألبا"),
        "value": ("Value", "1,200.00 USD", "القيمة", "1200 دولار"),
        "date": ("Date", "3 March 2026", "التاريخ", "3 مارس 2026"),
        "weight": ("Net weight", "12.5 kg", "الوزن الصافي", "12٫5 كغ"),
    }
    yield _question(
        "document",
        {"fields": [{"key": key, "wrong": key == "origin"} for key in fields]},
        en={
            "stem": "Mark what is wrong in this declaration.",
            "title": "Import declaration 2026/0417",
            "fields": {
                key: {"label": label, "value": value}
                | ({"feedback": "A port is no country."} if key == "origin" else {})
                for key, (label, value, _label, _value) in fields.items()
            },
        },
        ar={
            "stem": "حدّد الخطأ في هذا البيان.",
            "title": "بيان استيراد 2026/0417",
            "fields": {
                key: {"label": label, "value": value} | ({"feedback": "الميناء ليس بلدًا."} if key == "origin" else {})
                for key, (_label, _value, label, value) in fields.items()
            },
        },
    )
    yield essay()


def essay(markers: int = 1):
    """The one that people mark; with two markers, each without knowing of the other."""
    structure = {
        "rubric": [
            {"key": "duty", "levels": [{"key": f"l{points}", "points": str(points)} for points in range(3)]},
            {"key": "way", "levels": [{"key": f"l{points}", "points": str(points)} for points in range(3)]},
        ],
        "least_words": 0,
        "most_words": 200,
        "files": 1,
        "file_kinds": ["pdf", "txt"],
    }
    if markers > 1:
        structure["marking"] = {"markers": markers, "tolerance": "0.25"}
    return _question(
        "essay",
        structure,
        en={
            "stem": "Your superior asks you to release a container unexamined. What do you say and write?",
            "rubric": {
                "duty": {
                    "text": "Names the duty",
                    "levels": {"l0": "Not named", "l1": "Named", "l2": "Named with its source"},
                },
                "way": {
                    "text": "Shows a way out",
                    "levels": {"l0": "No way out", "l1": "Refuses", "l2": "Refuses, records it and tells somebody"},
                },
            },
            "for_markers": "Article 14 asks for a written order. Any wording that asks for one counts.",
        },
        ar={
            "stem": "يطلب منك رئيسك الإفراج عن حاوية دون فحص. ماذا تقول وماذا تكتب؟",
            "rubric": {
                "duty": {
                    "text": "يسمّي الواجب",
                    "levels": {"l0": "لم يُسمَّ", "l1": "سُمّي", "l2": "سُمّي مع مصدره"},
                },
                "way": {
                    "text": "يبيّن مخرجًا",
                    "levels": {"l0": "لا مخرج", "l1": "يرفض", "l2": "يرفض ويدوّن ويبلّغ أحدًا"},
                },
            },
            "for_markers": "تشترط المادة 14 أمرًا مكتوبًا. تُقبل كل صياغة تطلبه.",
        },
    )


ESSAYS = {
    "en": "I ask for the order in writing, as article 14 says.\n\nIf he insists, I write the time and his words into "
    "the log and tell the ethics office the same day.",
    "ar": "أطلب الأمر كتابةً كما تنص المادة 14.\n\nوإن أصرّ أدوّن الوقت وكلماته في السجل وأبلّغ مكتب الأخلاقيات في "
    "اليوم نفسه.",
}


def _question(kind, structure, **texts):
    return (
        kind,
        {"shape": 2} | structure,
        {language: {"shape": 2} | words for language, words in texts.items()},
    )
