import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { refuseSwallowedOption } from './swallowed-option.ts'

function assign(...words: string[]) {
  let done = false
  const program = new Command('pomona').hook('preAction', (_, command) =>
    refuseSwallowedOption(command),
  )
  program
    .command('assign')
    .option('--device <SERIAL...>')
    .option('--user <ID>')
    .option('--devices <FILE>')
    .option('--dry-run', '', false)
    .action(() => {
      done = true
    })
  program.parse(['node', 'pomona', 'assign', ...words])
  return done
}

describe('an option without its value', () => {
  test.each([
    [['--device', '--dry-run'], '--device needs a value', "'--dry-run'"],
    [['--device', 'S1', '--user', '--dry-run'], '--user needs a value', "'--dry-run'"],
    [['--user', '-o'], '--user needs a value', "'-o'"],
  ])('%j is refused before anything is done', (words, ...hints) => {
    for (const hint of hints) expect(() => assign(...words)).toThrow(hint)
  })

  test('is another thing than standard input, a negative number or a value of its own', () => {
    expect(assign('--devices', '-')).toBe(true)
    expect(assign('--user', '-5')).toBe(true)
    expect(assign('--device', 'S1', 'S2', '--dry-run')).toBe(true)
  })
})
