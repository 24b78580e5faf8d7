import type { Words } from './en.ts';

const rules = new Intl.PluralRules('ar');

/** A counted noun: one, two, three to ten, and more. */
function counted(count: number, one: string, two: string, few: string, many: string): string {
  if (count === 1) return one;
  if (count === 2) return two;
  return `${count} ${rules.select(count) === 'few' ? few : many}`;
}

const seconds = (count: number): string => counted(count, 'ثانية واحدة', 'ثانيتان', 'ثوانٍ', 'ثانية');
const characters = (count: number): string => counted(count, 'حرف واحد', 'حرفان', 'أحرف', 'حرفًا');

/** The page's own texts in Arabic. */
export const words: Words = {
  player: 'فيلم تفاعلي',
  play: 'تشغيل',
  goOn: 'متابعة',
  startAgain: 'البدء من جديد',
  watchAgain: 'المشاهدة مرة أخرى',
  theEnd: 'كان هذا فيلمك.',
  back: 'رجوع',
  menu: 'القائمة',
  close: 'إغلاق',
  controls: 'التشغيل',
  fullScreen: 'ملء الشاشة',
  leaveFullScreen: 'الخروج من ملء الشاشة',
  captions: 'الترجمة النصية',
  transcript: 'نص الفيلم',
  noTimeLimits: 'بلا حد زمني',
  timeLimitsOff: 'أُلغيت الحدود الزمنية. خذ ما تشاء من الوقت.',
  timeLimitsOn: 'الحدود الزمنية مفعّلة.',
  privacy: 'بياناتك والمشاركة',
  choose: 'الاختيار',
  notAvailable: 'غير متاح الآن',
  choicesAre: (labels) => `يمكنك اختيار: ${labels.join('، ')}.`,
  secondsLeft: (count) => `المتبقي: ${seconds(count)}`,
  youHave: (count) => `الوقت المتاح: ${seconds(count)}.`,
  youChose: (label) => `اختيارك: ${label}.`,
  send: 'متابعة',
  skip: 'تخطي هذا السؤال',
  yes: 'نعم',
  no: 'لا',
  links: { page: 'معرفة المزيد', call: 'الاتصال بنا', mail: 'مراسلتنا' },
  linkIs: (label) => `يوجد رابط: ${label}.`,
  opensInNewTab: 'يُفتح في علامة تبويب جديدة',
  loading: 'يجري تحميل الجزء التالي.',
  offline: 'أنت غير متصل بالإنترنت. اختياراتك محفوظة وستُرسل عند عودة الاتصال.',
  online: 'عاد الاتصال بالإنترنت.',
  movedOn: 'استمر هذا الفيلم في علامة تبويب أخرى أو على جهاز آخر، ويُعرض هنا الآن المشهد نفسه.',
  remade: 'تم تحديث فيلمك.',
  making: 'يجري إعداد هذا الجزء من أجلك. لحظة من فضلك.',
  remaking: 'يجري تحديث فيلمك بتغييراتك. يمكنك الآن مشاهدة الأجزاء الجاهزة.',
  revokedTitle: 'لم يعد هذا الرابط يعمل',
  revoked: 'تم سحبه أو انتهت صلاحيته أو مُحيت بياناته. اطلب رابطًا جديدًا من المرسِل.',
  brokenTitle: 'لا يمكن عرض الفيلم',
  broken: 'حدث خطأ ما. يُرجى المحاولة مرة أخرى.',
  tryAgain: 'المحاولة مرة أخرى',
  charactersLeft: (count) => `المتبقي: ${characters(count)}`,
  problems: {
    'wrong-type': 'يُرجى إدخال رقم.',
    'not-an-option': 'يُرجى اختيار إحدى الإجابات.',
    'not-whole': 'يُرجى إدخال عدد صحيح.',
    empty: 'يُرجى كتابة إجابة.',
    'too-long': (most) => `الحد الأقصى: ${characters(most)}.`,
    'not-drawable': 'لا يمكن عرض بعض هذه الأحرف في الفيلم. يُرجى استخدام أحرف أخرى.',
    'out-of-range': (min, max) => `يُرجى إدخال رقم من ${min} إلى ${max}.`,
  },
  library: {
    play: 'تشغيل',
    pause: 'إيقاف مؤقت',
    mute: 'كتم الصوت',
    unmute: 'تشغيل الصوت',
    volume: 'مستوى الصوت',
    seek: 'الموضع',
    'closed captions': 'الترجمة النصية',
    'video player': 'مشغل الفيديو',
    hour: 'ساعة',
    hours: 'ساعات',
    minute: 'دقيقة',
    minutes: 'دقائق',
    second: 'ثانية',
    seconds: 'ثوانٍ',
    '{time} remaining': 'المتبقي {time}',
    '{currentTime} of {totalTime}': '{currentTime} من {totalTime}',
    'video not loaded, unknown time.': 'لم يُحمَّل الفيلم بعد.',
  },
};
