/** `pomona inspect FILE`: what a content token says of itself, offline; the secret inside is never shown. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { contentFingerprint } from '../domain/tokens/new-record.ts'
import { type ContentToken, parseContentToken } from '../model/content-token.ts'
import { formatDateTimeOffset, type Instant, instantOf, utc } from '../model/date-time-offset.ts'
import { Failure } from '../model/failure.ts'
import { addOutput } from './options.ts'
import { type OutputForm, printJson, say } from './output.ts'

/** Larger files are not even read whole. */
const maxFileBytes = 1_048_576

export function inspectCommand(program: Command): void {
  addOutput(
    program
      .command('inspect')
      .description('Read a content token (.vpptoken) offline: organization, expiry, fingerprint')
      .argument('<FILE>', 'the .vpptoken file'),
  ).action(async (file: string, { output }: { output: OutputForm }) => {
    const parsed = parseContentToken(await readTokenFile(file))
    if (!parsed.ok)
      throw new Failure(
        'misconfigured',
        `${parsed.problem.message} (${parsed.problem.class}, ${file})`,
      )
    const now = instantOf(new Date())
    const isExpired = parsed.value.expiration <= now
    if (output === 'json') printJson(facts(parsed.value, isExpired))
    else printFacts(parsed.value, isExpired)
    if (isExpired) {
      process.stderr.write(
        `pomona: This content token expired on ${day(parsed.value.expiration)} UTC. Download a new one. (F07, ${file})\n`,
      )
      process.exitCode = 2
    }
  })
}

async function readTokenFile(file: string): Promise<string> {
  try {
    const bytes = await readFile(file)
    return bytes.subarray(0, maxFileBytes).toString('utf8')
  } catch (cause) {
    throw new Failure(
      'misconfigured',
      `The file '${file}' cannot be read. Check that it exists and that you may read it.`,
      { cause },
    )
  }
}

function facts(token: ContentToken, isExpired: boolean) {
  return {
    organizationName: token.organizationName,
    expirationDateTime: formatDateTimeOffset(utc(token.expiration)),
    isExpired,
    fingerprint: contentFingerprint(token.outer),
    unknownKeys: token.unknownKeys,
  }
}

function printFacts(token: ContentToken, isExpired: boolean): void {
  const { organizationName, expirationDateTime, fingerprint, unknownKeys } = facts(token, isExpired)
  say(`organization  ${organizationName}`)
  say(`expires       ${expirationDateTime}${isExpired ? '  (expired)' : ''}`)
  say(`fingerprint   ${fingerprint}`)
  if (unknownKeys.length > 0) say(`further keys  ${unknownKeys.join(', ')}`)
}

function day(instant: Instant): string {
  return instant.slice(0, 10)
}
