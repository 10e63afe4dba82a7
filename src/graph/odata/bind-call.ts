/** The functions of $filter: startswith, endswith, contains and isof. */
import type { Predicate, TextMatch } from '../../model/list-query.ts'
import { always, isGiven, isNever, isNull, not, oneOf, storedWhere } from './bind-comparison.ts'
import { bindPath, type Target } from './bind-path.ts'
import { areMembersText, guidText, textOf } from './bind-value.ts'
import { namedType } from './named-type.ts'
import type { QueriedRows } from './queried-rows.ts'
import { clipped, refused } from './refusal.ts'
import { shownMembers } from './shown-values.ts'
import type { CallTree, Literal } from './tree.ts'

interface BoundCall {
  readonly predicate: Predicate
  /** The property that makes the call null when it is null; absent = the call is never null. */
  readonly target?: Target
}

const matches: ReadonlyMap<string, TextMatch> = new Map([
  ['startswith', 'startsWith'],
  ['endswith', 'endsWith'],
  ['contains', 'contains'],
])
const isMatched: Readonly<Record<TextMatch, (text: string, part: string) => boolean>> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
}
const option = '$filter'

/** A call that stands alone: of a null it is unknown. */
export function bindCall(call: CallTree, rows: QueriedRows): Predicate {
  return boundCall(call, rows).predicate
}

/** `startswith(x,'a') eq true`: true or false, for a null too. */
export function bindCallComparison(
  call: CallTree,
  isEqual: boolean,
  literal: Literal,
  rows: QueriedRows,
): Predicate {
  const { predicate, target } = boundCall(call, rows)
  if (literal.kind !== 'boolean' && literal.kind !== 'null')
    throw refused(
      option,
      `The function ${call.name} is compared with '${clipped(literal.text)}' in $filter. It is true or false: compare it with true, false or null, or let it stand alone.`,
    )
  const equal = callEquals(predicate, target, literal)
  return isEqual ? equal : not(equal)
}

function callEquals(
  predicate: Predicate,
  target: Target | undefined,
  { kind, text }: Literal,
): Predicate {
  if (kind === 'null') return target ? isNull(target.operand) : isNever
  const met = text.toLowerCase() === 'true' ? predicate : not(predicate)
  return target ? { kind: 'and', of: [isGiven(target.operand), met] } : met
}

function boundCall(call: CallTree, rows: QueriedRows): BoundCall {
  const match = matches.get(call.name)
  if (match) return bindMatch(call, match, rows)
  if (call.name === 'isof') return { predicate: bindIsOf(call, rows) }
  throw refused(
    option,
    `The function '${clipped(call.name)}' is not served in $filter. There are startswith, endswith, contains and isof.`,
  )
}

function bindMatch(call: CallTree, match: TextMatch, rows: QueriedRows): BoundCall {
  const [left, right, ...more] = call.of
  if (left?.kind !== 'path' || right?.kind !== 'literal' || more.length > 0)
    throw refused(
      option,
      `The function ${call.name} takes a property and a text: ${call.name}(property,'text').`,
    )
  const target = bindPath(option, left, rows)
  return { predicate: matchPredicate(call.name, target, match, right.literal), target }
}

function matchPredicate(
  name: string,
  target: Target,
  match: TextMatch,
  literal: Literal,
): Predicate {
  const { operand, shape } = target
  switch (shape.kind) {
    case 'text':
      return { kind: 'match', operand, match, text: textOf(target, literal) }
    case 'guid':
      return { kind: 'match', operand, match, text: guidText(target, literal) }
    case 'member':
      if (areMembersText(target)) {
        const part = textOf(target, literal)
        const shown = shownMembers(shape.of, target)
        return oneOf(
          operand,
          storedWhere(shown, (text) => isMatched[match](String(text), part)),
        )
      }
  }
  throw refused(
    option,
    `The function ${name} looks into text, and the property '${target.wire}' is none. Compare it with eq, ne or in.`,
  )
}

/** `isof('microsoft.graph.iosVppApp')`, with or without the quotes (graph 5.1). */
function bindIsOf({ of }: CallTree, rows: QueriedRows): Predicate {
  const [first, ...more] = of
  const name =
    first?.kind === 'path'
      ? first.segments.join('/')
      : first?.kind === 'literal' && first.literal.kind === 'string' && first.literal.text
  if (!name || more.length > 0)
    throw refused(option, "The function isof takes one type: isof('microsoft.graph.iosVppApp').")
  const { kinds } = namedType(option, name, rows)
  return kinds ? oneOf({ property: 'contentKind' }, kinds) : always
}
