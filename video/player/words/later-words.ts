import type { PageLanguage } from '../../story/languages.ts';

const en = {
  notRemadeTitle: 'Your film could not be updated',
  notRemade:
    'Your changes are saved, and the earlier version is no longer shown. Try again, or change your data once more.',
  notRemadeForOthers: 'Its data was changed, and the new version is not ready. Please come back later.',
  noTranscript: 'Nothing has been shown yet.',
  read: 'Read instead of watching',
  watch: 'Watch the film',
  reading: 'Read',
  shortcuts: 'Keyboard shortcuts',
  measurement: 'Let the sender see how I watch',
  notSaved: 'This could not be saved. Please try again.',
};

export type LaterWords = typeof en;

const de: LaterWords = {
  notRemadeTitle: 'Ihr Film konnte nicht aktualisiert werden',
  notRemade:
    'Ihre Änderungen sind gespeichert, und die frühere Fassung wird nicht mehr gezeigt. Versuchen Sie es noch einmal oder ändern Sie Ihre Daten erneut.',
  notRemadeForOthers:
    'Seine Daten wurden geändert, und die neue Fassung ist noch nicht fertig. Bitte versuchen Sie es später.',
  noTranscript: 'Bisher wurde nichts gezeigt.',
  read: 'Lesen statt ansehen',
  watch: 'Den Film ansehen',
  reading: 'Lesen',
  shortcuts: 'Tastenkürzel',
  measurement: 'Absender darf sehen, wie ich zuschaue',
  notSaved: 'Das konnte nicht gespeichert werden. Bitte versuchen Sie es noch einmal.',
};

const fr: LaterWords = {
  notRemadeTitle: 'Votre film n’a pas pu être mis à jour',
  notRemade:
    'Vos modifications sont enregistrées et l’ancienne version n’est plus montrée. Réessayez ou modifiez encore vos données.',
  notRemadeForOthers:
    'Ses données ont changé et la nouvelle version n’est pas prête. Revenez plus tard, s’il vous plaît.',
  noTranscript: 'Rien n’a encore été montré.',
  read: 'Lire au lieu de regarder',
  watch: 'Regarder le film',
  reading: 'Lecture',
  shortcuts: 'Raccourcis clavier',
  measurement: 'Laisser l’expéditeur voir comment je regarde',
  notSaved: 'Ce choix n’a pas pu être enregistré. Veuillez réessayer.',
};

const es: LaterWords = {
  notRemadeTitle: 'No se ha podido actualizar su vídeo',
  notRemade:
    'Sus cambios están guardados y la versión anterior ya no se muestra. Inténtelo de nuevo o cambie otra vez sus datos.',
  notRemadeForOthers:
    'Los datos de este vídeo han cambiado y la nueva versión no está lista. Vuelva más tarde, por favor.',
  noTranscript: 'Todavía no se ha mostrado nada.',
  read: 'Leer en lugar de ver',
  watch: 'Ver el vídeo',
  reading: 'Lectura',
  shortcuts: 'Atajos de teclado',
  measurement: 'Dejar que el remitente vea cómo miro',
  notSaved: 'No se ha podido guardar. Inténtelo de nuevo.',
};

const ar: LaterWords = {
  notRemadeTitle: 'تعذّر تحديث فيلمك',
  notRemade: 'تغييراتك محفوظة، ولم تعد النسخة السابقة تُعرض. حاول مرة أخرى أو غيّر بياناتك من جديد.',
  notRemadeForOthers: 'تغيّرت بياناته، والنسخة الجديدة غير جاهزة بعد. يُرجى العودة لاحقًا.',
  noTranscript: 'لم يُعرض شيء بعد.',
  read: 'القراءة بدلًا من المشاهدة',
  watch: 'مشاهدة الفيلم',
  reading: 'القراءة',
  shortcuts: 'اختصارات لوحة المفاتيح',
  measurement: 'السماح للمُرسِل بمعرفة كيف أشاهد',
  notSaved: 'تعذّر الحفظ. يُرجى المحاولة مرة أخرى.',
};

/** Texts that most viewers never see: of the menu, the reading view, and a film that could not be updated. They are loaded when they are needed. */
export const laterWords: Readonly<Record<PageLanguage, LaterWords>> = { en, de, fr, es, ar };
