/** `pomona inspect FILE`: what a content token says of itself, offline; the secret inside is never shown (Apple 1.5). */
import type { Command } from 'commander'
import { contentFingerprint } from '../domain/tokens/new-record.ts'
import { type ContentToken, parseContentToken } from '../model/content-token.ts'
import { formatDateTimeOffset, instantOf, utc } from '../model/date-time-offset.ts'
import { expired, nameOfFile, readContentTokenFile } from './content-token-file.ts'
import { printFacts, remark } from './output.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'

export function inspectCommand(program: Command): void {
  addOutput(
    program
      .command('inspect')
      .description('Read a content token (.vpptoken) offline: organization, expiry, fingerprint')
      .argument('<FILE>', 'the .vpptoken file; - reads standard input'),
  ).action(async (file: string, { output }: { output: OutputForm }) => {
    const parsed = parseContentToken(await readContentTokenFile(file))
    const problem = parsed.ok ? expiryProblem(parsed.value) : parsed.problem
    answer(output, {
      whole: {
        ...(parsed.ok ? factsOf(parsed.value) : {}),
        class: problem?.class ?? null,
        message: problem?.message ?? null,
      },
      people: () => {
        if (parsed.ok) showFacts(parsed.value)
      },
    })
    if (!problem) return
    remark(`${problem.message} (${problem.class}, ${nameOfFile(file)})`)
    process.exitCode = 2
  })
}

function expiryProblem(token: ContentToken) {
  return token.expiration <= instantOf(new Date()) ? expired(token) : undefined
}

function factsOf(token: ContentToken) {
  return {
    organizationName: token.organizationName,
    expirationDateTime: formatDateTimeOffset(utc(token.expiration)),
    isExpired: expiryProblem(token) !== undefined,
    fingerprint: contentFingerprint(token.outer),
    unknownKeys: token.unknownKeys,
  }
}

function showFacts(token: ContentToken): void {
  const { organizationName, expirationDateTime, isExpired, fingerprint, unknownKeys } =
    factsOf(token)
  printFacts([
    ['organization', organizationName],
    ['expires', `${expirationDateTime}${isExpired ? '  (expired)' : ''}`],
    ['fingerprint', fingerprint],
    ...(unknownKeys.length > 0 ? ([['further keys', unknownKeys.join(', ')]] as const) : []),
  ])
}
