/** What commands exit with, for their help and docs/operations.md. Monitors and scripts rely on them: they stay. */
import type { Command } from 'commander'

type ExitCodes = Readonly<Partial<Record<0 | 1 | 2 | 3, string>>>

const usual = {
  0: 'done',
  1: 'a fault of Pomona or of what it needs: the same command may do later',
  2: 'something you can mend',
} as const satisfies ExitCodes

const notAgreed = { 2: 'also when nobody agreed' }
const notHeld = { 1: 'also when --wait saw it come to nothing', ...notAgreed }
const notWhole = {
  1: 'also when --wait saw that not all of it was done, or --dry-run that nothing of it can be',
  2: 'also when --dry-run shows that it would be refused',
}

const notTaken = {
  ...notWhole,
  2: `${notWhole[2]}, when it names what holds nothing here, or when nobody agreed`,
}

/** What a command adds to the usual ones; `check` has codes of its own, which monitoring plugins share. */
const special: Readonly<Record<string, ExitCodes>> = {
  demo: { 1: 'also when --once saw a token in another state than its seed promises' },
  check: { 0: 'all well', 1: 'a warning', 2: 'critical', 3: 'nobody knows' },
  inspect: { 2: 'also when the content token is of no use' },
  'token sync': { 1: 'also when --wait saw it fail' },
  'token claim': notHeld,
  'token release': notHeld,
  'token remove': notAgreed,
  'tenant suspend': notAgreed,
  'tenant remove': notAgreed,
  'client remove': notAgreed,
  'license assign': notWhole,
  'license unassign': notTaken,
  'license reclaim': notTaken,
  'user create': notWhole,
  'user update': notWhole,
  'user retire': notTaken,
  'key status': { 2: 'also when the keys do not fit the database' },
  'key rotate': {
    1: 'also when secrets are left under an older key',
    2: 'also when nobody agreed to --drop-old',
  },
  'config check': { 2: 'also when serve would not start' },
}

export const namedExitCodes: readonly string[] = Object.keys(special)

/** `token add`: the words behind `pomona`. */
export function wordsOf(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${wordsOf(parent)} ${command.name()}` : command.name()
}

/** Commands that do something themselves, in the order of the help. */
export function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)
}

/** Only what differs from the usual ones; empty for most. */
export function specialCodes(words: string): string {
  return sentence(special[words] ?? {})
}

/** Puts a line about exit codes below the help of each command that does something. */
export function addExitCodes(program: Command): void {
  for (const leaf of leavesOf(program))
    leaf.addHelpText('after', `\n${helpLines(wordsOf(leaf)).join('\n')}`)
}

function helpLines(words: string): readonly string[] {
  const own = special[words] ?? {}
  const codes = own[3] === undefined ? usual : {}
  return ['Exit codes:', ...([0, 1, 2, 3] as const).flatMap((code) => line(code, codes, own))]
}

function line(code: 0 | 1 | 2 | 3, codes: ExitCodes, own: ExitCodes): readonly string[] {
  const says = [codes[code], own[code]].filter((text) => text !== undefined).join('; ')
  return says === '' ? [] : [`  ${code}  ${says}`]
}

function sentence(codes: ExitCodes): string {
  return Object.entries(codes)
    .map(([code, says]) => `${code} ${says}`)
    .join(', ')
}
