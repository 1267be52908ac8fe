// The languages of the hosted page and the mails.

export const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt-BR', 'it', 'nl', 'pl', 'ja', 'zh-Hans', 'ko', 'ar'];

const NAMES = new Intl.DisplayNames(['en'], { type: 'language' });

export const nameOf = (tag: string): string => NAMES.of(tag) ?? tag;
