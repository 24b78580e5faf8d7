import type { PageLanguage } from '../video/story/languages.ts';

const en = {
  /** A video whose template was removed. */
  film: 'A film',
  captions: 'Captions',
  goneTitle: 'This film is not available',
  gone: 'The link has expired, was withdrawn or is incomplete. Ask the sender for a new one.',
  making: 'This film is being made again with your changes. Open the page again in a moment.',
  failed: 'This film could not be made with your changes. Allow scripts to try again on this page.',
  laterTitle: 'This film is not available at the moment',
  later: 'A service that we need does not answer. Your link is still valid. Please try again in a minute.',
  tryAgain: 'Try again',
};

/** What pages say that no player draws: a missing text does not compile. */
export type Notices = typeof en;

const de: Notices = {
  film: 'Ein Film',
  captions: 'Untertitel',
  goneTitle: 'Dieser Film ist nicht verfügbar',
  gone: 'Der Link ist abgelaufen, wurde zurückgezogen oder ist unvollständig. Bitten Sie den Absender um einen neuen.',
  making: 'Dieser Film wird mit Ihren Änderungen neu erstellt. Öffnen Sie die Seite gleich noch einmal.',
  failed:
    'Dieser Film konnte mit Ihren Änderungen nicht erstellt werden. Erlauben Sie Skripte, um es auf dieser Seite noch einmal zu versuchen.',
  laterTitle: 'Dieser Film ist im Moment nicht verfügbar',
  later:
    'Ein Dienst, den wir brauchen, antwortet nicht. Ihr Link gilt weiterhin. Bitte versuchen Sie es in einer Minute noch einmal.',
  tryAgain: 'Noch einmal versuchen',
};

const fr: Notices = {
  film: 'Un film',
  captions: 'Sous-titres',
  goneTitle: 'Ce film n’est pas disponible',
  gone: 'Le lien a expiré, a été retiré ou est incomplet. Demandez-en un nouveau à l’expéditeur.',
  making: 'Ce film est refait avec vos modifications. Rouvrez la page dans un instant.',
  failed:
    'Ce film n’a pas pu être fait avec vos modifications. Autorisez les scripts pour réessayer sur cette page.',
  laterTitle: 'Ce film n’est pas disponible pour le moment',
  later:
    'Un service dont nous avons besoin ne répond pas. Votre lien reste valable. Veuillez réessayer dans une minute.',
  tryAgain: 'Réessayer',
};

const es: Notices = {
  film: 'Un vídeo',
  captions: 'Subtítulos',
  goneTitle: 'Este vídeo no está disponible',
  gone: 'El enlace ha caducado, se ha retirado o está incompleto. Pida uno nuevo al remitente.',
  making:
    'Este vídeo se está haciendo de nuevo con sus cambios. Vuelva a abrir la página dentro de un momento.',
  failed:
    'No se ha podido hacer este vídeo con sus cambios. Permita los scripts para intentarlo de nuevo en esta página.',
  laterTitle: 'Este vídeo no está disponible en este momento',
  later:
    'Un servicio que necesitamos no responde. Su enlace sigue siendo válido. Inténtelo de nuevo en un minuto.',
  tryAgain: 'Intentar de nuevo',
};

const ar: Notices = {
  film: 'فيلم',
  captions: 'الترجمة النصية',
  goneTitle: 'هذا الفيلم غير متاح',
  gone: 'انتهت صلاحية الرابط أو تم سحبه أو أنه غير مكتمل. اطلب رابطًا جديدًا من المرسِل.',
  making: 'يجري إعداد هذا الفيلم من جديد بتغييراتك. افتح الصفحة مرة أخرى بعد لحظات.',
  failed: 'تعذّر إعداد هذا الفيلم بتغييراتك. اسمح بتشغيل البرامج النصية للمحاولة مرة أخرى في هذه الصفحة.',
  laterTitle: 'هذا الفيلم غير متاح حاليًا',
  later: 'هناك خدمة نحتاج إليها لا تستجيب. رابطك ما زال صالحًا. يُرجى المحاولة مرة أخرى بعد دقيقة.',
  tryAgain: 'المحاولة مرة أخرى',
};

/** What pages say that no player draws, by language. */
export const notices: Readonly<Record<PageLanguage, Notices>> = { en, de, fr, es, ar };
