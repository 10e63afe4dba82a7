/** Words as they are to be typed in a shell, so that a command can be shown to be copied. */
export function commandLine(words: readonly string[]): string {
  return words.map(typed).join(' ')
}

function typed(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
