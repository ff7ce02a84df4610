/** Zero of every digit script that pages use: Arabic, Persian, Devanagari, Bengali, Tamil, Telugu, Kannada, Malayalam, full-width. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xbe6, 0xc66, 0xce6, 0xd66, 0xff10] as const;
const NATIVE =
  /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\uff10-\uff19]/g;

/** The text with digits of every script written as 0-9. Nothing else changes. */
export function asciiDigits(text: string): string {
  return text.replace(NATIVE, (digit) => {
    const code = digit.charCodeAt(0);
    const zero = ZEROS.findLast((z) => z <= code) ?? code;
    return String(code - zero);
  });
}
