"""Worked examples that others have published: their data, entered again, and the figures they found."""

import numpy as np

# Ten students, ten items. K. L. Wuensch, East Carolina University, "The Kuder-Richardson 20",
# https://core.ecu.edu/wuenschk/StatHelp/KR20.txt. It gives each p, each p·q and the variance of the totals, for both
# of which it divides by the number of students, and leaves the last step of KR-20 to the reader. Its third student's
# last mark is printed as 0; that student's total, the item's p and the variance all need it to be 1, as it is here.
WUENSCH = np.array(
    [
        [1, 1, 1, 1, 1, 1, 0, 1, 1, 0],
        [1, 0, 1, 1, 0, 1, 1, 1, 0, 1],
        [1, 1, 1, 1, 0, 1, 1, 0, 0, 1],
        [0, 0, 1, 0, 0, 0, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 0, 0, 1, 0],
        [1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
        [1, 1, 0, 1, 1, 1, 0, 1, 1, 1],
        [1, 1, 1, 1, 1, 1, 1, 1, 0, 1],
        [0, 1, 0, 1, 1, 1, 1, 1, 0, 1],
        [1, 1, 0, 1, 1, 0, 1, 1, 1, 0],
    ]
)
WUENSCH_P = [0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6]
WUENSCH_PQ = [0.21, 0.21, 0.24, 0.21, 0.24, 0.16, 0.21, 0.21, 0.25, 0.24]
WUENSCH_VARIANCE = 5.84

# Section 7 of the Law School Admission Test: how many of 1,000 answered five items so, from 00000 to 11111 in the
# order of binary numbers. Bock, R. D. & Lieberman, M. (1970). Fitting a response model for n dichotomously scored
# items. Psychometrika 35, 179-197. The figures: R's mirt, itemstats(expand.table(LSAT7)),
# https://philchalmers.github.io/mirt/reference/itemstats.html.
LSAT7_COUNTS = [
    *(12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28),
    *(7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308),
]
LSAT7 = np.repeat([[int(mark) for mark in f"{pattern:05b}"] for pattern in range(32)], LSAT7_COUNTS, axis=0)
LSAT7_MEANS = [0.828, 0.658, 0.772, 0.606, 0.843]
LSAT7_DEVIATIONS = [0.378, 0.475, 0.420, 0.489, 0.364]
LSAT7_ITEM_REST = [0.246, 0.247, 0.313, 0.223, 0.175]
LSAT7_TOTAL_MEAN = 3.707
LSAT7_TOTAL_DEVIATION = 1.199
LSAT7_ALPHA = 0.453
LSAT7_STANDARD_ERROR = 0.886

# Six targets, four judges, from 1 to 10. Shrout, P. E. & Fleiss, J. L. (1979). Intraclass correlations: uses in
# assessing rater reliability. Psychological Bulletin 86, 420-428, tables 2 and 4.
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
SHROUT_FLEISS_SAME_JUDGES = 0.91  # ICC(3,4), which is alpha
SHROUT_FLEISS_OTHER_JUDGES = 0.44  # ICC(1,4)

# Stratified tables with chi-square (continuity corrected), common odds ratio and its 95 per cent interval, as R's
# mantelhaen.test tells them. The first: penicillin and rabbits, Agresti, A. (1990). Categorical Data Analysis. Wiley,
# pp. 231-237, https://stat.ethz.ch/R-manual/R-devel/library/stats/html/mantelhaen.test.html. All three with R's
# figures: statsmodels, tests/test_contingency_tables.py,
# https://github.com/statsmodels/statsmodels/blob/main/statsmodels/stats/tests/test_contingency_tables.py.
MANTEL_HAENSZEL = [
    (
        [[[0, 0], [6, 5]], [[3, 0], [3, 6]], [[6, 2], [0, 4]], [[5, 6], [1, 0]], [[2, 5], [0, 0]]],
        (3.9286, 7.0, 1.026713, 47.725133),
    ),
    (
        [[[20, 14], [10, 24]], [[15, 12], [3, 15]], [[3, 2], [3, 2]], [[12, 3], [7, 5]], [[1, 0], [3, 2]]],
        (11.8852, 3.5912, 1.781135, 7.240633),
    ),
    (
        [
            [[313, 512], [19, 89]],
            [[207, 353], [8, 17]],
            [[205, 120], [391, 202]],
            [[278, 139], [244, 131]],
            [[138, 53], [299, 94]],
            [[351, 22], [317, 24]],
        ],
        (1.3368, 1.101879, 0.9402012, 1.2913602),
    ),
]

# Verbal aggression: 316 persons, 24 items, seven hexadecimal digits each, the first bit set for a man. Data of K.
# Vansteelandt in De Boeck, P. & Wilson, M. (2004), Explanatory Item Response Models, Springer; they ship with R's difR
# and lme4 (VerbAgg). The figures, of men against women with the total as matching score: difR, difMH(verbal, group =
# 25, focal.name = 1), and the same with MHstat = "logOR", https://rdrr.io/pkg/difR/man/difMH.html, as printed in
# https://github.com/adelahladka/difR/blob/main/tests/testthat/_snaps/difMH.md.
_VERBAL = (
    "100cb2710000200f606440fe0fe00b24d240d389260fe8fc0000092401ac92a0feffc70ff8fc00febd961b24d841ffcff2095cda60b64e26"
    "0944fbf0b68b0000000000fe4b800f849000ffffb60fffff60bbc800000ed0401240040de00040ffbec91f45d260b5cfb70fc7fc71fbdfaf"
    "1110fb50f40f000fc0fc00ffeffe00480000041e4411c01c210a00000e3d20900796150800000020492605a09800ff7f860fe7f370204000"
    "0045e160bc0fa400009070367cd70f7ef3e0fc09a40048b340ffdfff0b46fe20b6fddf1300b8002492000ffdfc80ffffd60feb2000bcf4cf"
    "0b6592002029260a69b240ffffff09a55860b79014010024809477c302000000fe0490030000209010010145100080040019650c01904d36"
    "1c064000fb6fb609149b20b248040d87ec701040000ffee360fa7d0719249260904000082400000000081d36d8619240000fc6fe60da6da6"
    "01800000f07f07018420009040040da69a6049400404b6db60d904820fffd8709259050124b000ffedb60104800090000009048000924000"
    "0db713409b6d060ffffa70ff4de00ffd9240fe4d801092480136f92f0da4d260fe4f2409049041ffffff0da48060b64b640c805060de6106"
    "0cb00000db6db60fe63c70ffcffc01a700001024000fb6d86010580401e00001464f361db5db401801000da60000da6fe70fceb460d86ca6"
    "0ffffff09e69240d24d2407c6bc60d84d060404a041fe7ed60fc6fe21db6d861df4df51fbc6ef0a4400009a49800d36db606c09240ff7fc6"
    "1fc7f2718389241dee9240ebc9240da60060de6c271d86d8609c49a41f82d86098692409e700419befac058698412651640fe0f4c0bf7da4"
    "1fffffe024f904035db650df77c4132010009269060da6d260da5d85004102401c058205c6d8715c6da61d86da61924904102030409c6986"
    "0fc0fc60fc48040ffffff0201d8601024821006c961182d900249da40fffe071ea6f861fb6fb609249241000d861da49a40eb0fb00020800"
    "1ff7ff61db6db61dd7d870fd7fef0f437a61002da61fc2ff40d00d001ff0db61ff71b41bdfff71ff6fe60ffffc70ff7df70da6d0409b4e00"
    "168cdb603c41e607c7fc41fa4fa401a7d860df5d250ffd92412490400ff6e361ff6f460ff6df405048840da0d000d0400005210000000000"
    "0e80c000ffeff00ffec820fc7f8600240000f80dc011f8dde0c000001e014000fd4f3000000000ff7ff70f80c2019b69a403e71860dc4080"
    "0fb6ee019f09001ff7fe707ffff70fc71c70ffffff0fffff60fe7fe70df0df00df4da40db6180078490006d32010f3082009b6db60ffffb4"
    "1fd7d860db4db40ff4db4092492407c70000d3c83001c00000030d020ff7db41d34c201db00300ff7d860fbe5b21786f960df00000befc24"
    "0fecd241b34c200be59650ff70010fffee60fe7fe50ee4800048018000009061000de406d34870da46980da400004a48001f34db61e121b8"
    "0ffec301ff7fff036480407dfc200c30c300c3ce341fb2d701fe8fe00db682000000000da61260f48000"
)
_VERBAL_BITS = np.array(
    [[int(bit) for bit in f"{int(_VERBAL[at : at + 7], 16):025b}"] for at in range(0, len(_VERBAL), 7)]
)
VERBAL_MEN = _VERBAL_BITS[:, 0] == 1
VERBAL = _VERBAL_BITS[:, 1:]
# chi-square, log odds ratio over its standard error, odds ratio, delta
VERBAL_FIGURES = [
    (1.7076, 1.4759, 1.7005, -1.2476),
    (2.1486, 1.6751, 1.7702, -1.3420),
    (0.9926, 1.1404, 1.4481, -0.8701),
    (1.9302, 1.6327, 1.9395, -1.5567),
    (2.9540, 1.9103, 1.9799, -1.6052),
    (9.6032, 3.1373, 2.8804, -2.4861),
    (0.0013, -0.1889, 0.9439, 0.1358),
    (0.6752, -0.9984, 0.7194, 0.7741),
    (0.8185, 1.1136, 1.5281, -0.9965),
    (1.6292, 1.4869, 1.6849, -1.2260),
    (0.0152, 0.2735, 1.0901, -0.2028),
    (4.1188, 2.2368, 2.3458, -2.0036),
    (0.1324, -0.5675, 0.7967, 0.5340),
    (2.7501, -1.8434, 0.4995, 1.6313),
    (0.0683, 0.4495, 1.1765, -0.3821),
    (6.3029, -2.6614, 0.3209, 2.6709),
    (6.8395, -2.6876, 0.3746, 2.3072),
    (0.2170, -0.6396, 0.7931, 0.5447),
    (5.7817, -2.4687, 0.4616, 1.8165),
    (3.8880, -2.1368, 0.4727, 1.7606),
    (0.2989, -0.8366, 0.6373, 1.0585),
    (1.1220, -1.2436, 0.6444, 1.0327),
    (1.4491, -1.3810, 0.6385, 1.0541),
    (0.8390, 1.1203, 1.6053, -1.1123),
]
