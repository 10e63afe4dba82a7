import { type CallMatch, fits } from '../faults/fault.ts'
import { isSuccess, type JournalEntry } from './entry.ts'
import { type Evidence, type Finding, finding, nothingToJudge } from './finding.ts'

/**
 * Every call that needs a login carried the text of a token file of this world, byte for byte; a token that was
 * revoked or forgotten since is still such a text (Apple contract 1.1, C1).
 */
export function tokenVerbatim({ entries }: Evidence): Finding {
  const calls = entries.filter((entry) => entry.credential !== 'none' || entry.uId !== null)
  const bare = entries.filter((entry) => entry.credential === 'none' && needsLogin(entry))
  if (calls.length + bare.length === 0) return nothingToJudge('No call carried a token.')
  const wrong = [...bare, ...calls.filter((entry) => entry.credential !== 'verbatim')]
  const rewrapped = wrong.filter((entry) => entry.credential === 'reencoded').length
  return finding(
    wrong.sort((left, right) => left.seq - right.seq),
    {
      holds: `All ${calls.length} calls carried the text of a token file, byte for byte.`,
      broken: `These calls carried no token of this world as it stands in its file; ${rewrapped} of them a token in another wrapping.`,
    },
  )
}

function needsLogin(entry: JournalEntry): boolean {
  return entry.path.startsWith('/mdm/v2/') && entry.path !== '/mdm/v2/service/config'
}

export function noWrites({ entries }: Evidence, uId: string | undefined): Finding {
  const writes = entries.filter(
    (entry) => entry.method === 'POST' && (uId === undefined || entry.uId === uId),
  )
  return finding(writes, {
    holds: 'Nobody tried to write.',
    broken: 'These calls are writes.',
  })
}

/** After each POST client/config that set mdmInfo somebody looked whether it stands, with success (C10). */
export function claimVerified({ entries }: Evidence, uId: string): Finding {
  const config = entries.filter(
    (entry) => entry.uId === uId && entry.path === '/mdm/v2/client/config',
  )
  const claims = config.filter((entry) => entry.method === 'POST' && hasSetMdmInfo(entry))
  if (claims.length === 0) return nothingToJudge(`Nobody claimed location ${uId}.`)
  const unseen = claims.filter(
    (claim) =>
      !config.some((entry) => entry.method === 'GET' && isSuccess(entry) && entry.seq > claim.seq),
  )
  return finding(unseen, {
    holds: `All ${claims.length} claims of ${uId} were looked at afterwards.`,
    broken: 'After these claims nobody read client/config.',
  })
}

/** Its answer may be lost: what counts is what it did. */
function hasSetMdmInfo({ effect }: JournalEntry): boolean {
  return effect?.startsWith('mdmInfo ') ?? false
}

export function requestCount({ entries }: Evidence, match: CallMatch, n: number): Finding {
  const found = entries.filter((entry) => fitsEntry(match, entry))
  return {
    ok: found.length === n,
    detail: `${found.length} calls fit, ${n} were expected.`,
    seqs: found.length === n ? [] : found.map((entry) => entry.seq),
  }
}

/** The calls came in this order; others may lie between them. */
export function order({ entries }: Evidence, matches: CallMatch[]): Finding {
  if (matches.length === 0)
    return nothingToJudge('No match is given, so that no order is asked for.')
  let from = 0
  for (const [index, match] of matches.entries()) {
    const at = entries.findIndex((entry, position) => position >= from && fitsEntry(match, entry))
    if (at < 0) {
      const seqs = entries.slice(from - 1, from).map((entry) => entry.seq)
      return { ok: false, detail: `No call fits match ${index} behind the one before it.`, seqs }
    }
    from = at + 1
  }
  return { ok: true, detail: `All ${matches.length} calls came in this order.`, seqs: [] }
}

export function noSecretInUrl({ entries }: Evidence): Finding {
  return finding(
    entries.filter((entry) => entry.secretInUrl),
    {
      holds: 'No address carried a secret.',
      broken: 'The addresses of these calls carried a secret.',
    },
  )
}

export function noRequests({ entries }: Evidence, match: CallMatch): Finding {
  return finding(
    entries.filter((entry) => fitsEntry(match, entry)),
    { holds: 'Nobody called.', broken: 'These calls were made.' },
  )
}

function fitsEntry(match: CallMatch, entry: JournalEntry): boolean {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(entry.query)) {
    for (const one of [value].flat()) query.append(name, one)
  }
  return fits(match, {
    method: entry.method,
    path: entry.path,
    uId: entry.uId ?? undefined,
    query,
    bodyText: entry.body === null ? '' : JSON.stringify(entry.body),
  })
}
