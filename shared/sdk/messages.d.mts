/** The languages, by the names of their folders. */
export const LANGUAGES: string[];
/** The messages of a catalogue as Fluent's syntax tree. */
export function messages(language: string, kind: string): any[];
/** The texts of the hosted page, by group and name, each as a list of its parts. */
export function page(language: string): Record<'fixed' | 'text' | 'state' | 'other' | 'errand' | 'remedy', Record<string, string[]>>;
/** The same as a file. */
export function pageFile(language: string): string;
/** The texts of the SDK's errors, by code. */
export function errors(language: string): Record<string, string>;
