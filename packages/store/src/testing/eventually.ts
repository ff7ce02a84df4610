/**
 * Waits until a condition holds, by asking again.
 * @param what for the message
 * @throws Error after a bounded number of tries
 */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { tries = 1500, everyMs = 10 } = {},
): Promise<void> {
  for (let count = 0; count < tries; count += 1) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, everyMs));
  }
  throw new Error(`never happened: ${what}`);
}
