/** Which calls a scripted rule meets: deterministic, counted per rule (Apple contract 11.7). */
export interface CallRule {
  match: CallMatch
  nth: number
  /** How many matching calls it meets, from the nth on; 0 for ever. */
  count: number
  /** Matching calls so far. */
  seen: number
}

export interface Fault extends CallRule {
  id: string
  action: FaultAction
}

/** Every given part has to fit; a path may end in `*`. */
export interface CallMatch {
  method?: string
  path?: string
  uId?: string
  query?: Record<string, string>
  bodyIncludes?: string
}

export interface FaultAction {
  status: number | undefined
  errorNumber: number | undefined
  /** Seconds or a date, sent as it stands. */
  retryAfter: string | undefined
  delayMs: number
  cut: 'none' | 'beforeHeaders' | 'midBody'
  truncateAt: number | undefined
  headers: Record<string, string>
  body: string | undefined
  applyEffect: boolean
}

export interface MatchedCall {
  method: string
  path: string
  uId: string | undefined
  query: URLSearchParams
  bodyText: string
}

export function fits(match: CallMatch, call: MatchedCall): boolean {
  return (
    (match.method === undefined || match.method === call.method) &&
    (match.path === undefined || fitsPath(match.path, call.path)) &&
    (match.uId === undefined || match.uId === call.uId) &&
    Object.entries(match.query ?? {}).every(([name, value]) => call.query.get(name) === value) &&
    (match.bodyIncludes === undefined || call.bodyText.includes(match.bodyIncludes))
  )
}

function fitsPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}

/** Each rule counts the call if it fits; the oldest rule that fires wins. */
export function firingRule<Rule extends CallRule>(
  rules: readonly Rule[],
  call: MatchedCall,
): Rule | undefined {
  let winner: Rule | undefined
  for (const rule of rules) if (fits(rule.match, call) && fires(rule)) winner ??= rule
  return winner
}

/** Counts one more and tells whether the rule meets it. */
export function fires(rule: { nth: number; count: number; seen: number }): boolean {
  rule.seen += 1
  return rule.seen >= rule.nth && (rule.count === 0 || rule.seen < rule.nth + rule.count)
}
