/** Words that need shaping: conjuncts, reordered vowels, stacked marks, ligatures. */
export const scriptWords: readonly {
  /** As in the name of the script's font package. */
  readonly script: string;
  readonly language: string;
  readonly words: readonly string[];
}[] = [
  { script: 'devanagari', language: 'hi', words: ['क्षेत्रज्ञ', 'श्रीकृष्ण', 'हिन्दी', 'प्रद्युम्न', 'र्‍य क्‍ष'] },
  { script: 'bengali', language: 'bn', words: ['শ্রীকান্ত', 'কৃষ্ণা', 'জ্যোতির্ময়'] },
  { script: 'gurmukhi', language: 'pa', words: ['ਗੁਰਮੁਖੀ', 'ਸ੍ਰੀ ਸਿੰਘ'] },
  { script: 'gujarati', language: 'gu', words: ['ગુજરાતી', 'શ્રીકૃષ્ણ'] },
  { script: 'oriya', language: 'or', words: ['ଓଡ଼ିଆ', 'ଶ୍ରୀକୃଷ୍ଣ'] },
  { script: 'tamil', language: 'ta', words: ['தமிழ்ச்செல்வி', 'ஸ்ரீநிவாசன்', 'கொழும்பு'] },
  { script: 'telugu', language: 'te', words: ['తెలుగు', 'శ్రీకృష్ణ'] },
  { script: 'kannada', language: 'kn', words: ['ಕನ್ನಡ', 'ಶ್ರೀಕೃಷ್ಣ'] },
  { script: 'malayalam', language: 'ml', words: ['മലയാളം', 'ശ്രീകൃഷ്ണൻ'] },
  { script: 'sinhala', language: 'si', words: ['සිංහල', 'ශ්‍රීලංකා'] },
  { script: 'thai', language: 'th', words: ['สมชาย', 'น้ำใจ', 'กตัญญู', 'ที่นี่'] },
  { script: 'lao', language: 'lo', words: ['ລາວ', 'ນ້ຳ', 'ເຊີນ'] },
  { script: 'khmer', language: 'km', words: ['ខ្មែរ', 'ស្រីនាង', 'ព្រះ'] },
  { script: 'myanmar', language: 'my', words: ['မြန်မာ', 'ကျော်', 'သင်္ဘော'] },
  { script: 'georgian', language: 'ka', words: ['ქართული'] },
  { script: 'armenian', language: 'hy', words: ['հայերեն', 'Արմեն'] },
  { script: 'ethiopic', language: 'am', words: ['አማርኛ'] },
];
