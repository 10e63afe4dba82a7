/** Generated filters, orders and pages for one list. */
import fc from 'fast-check'
import type { Comparable, Operand, Order, Predicate } from '../../src/model/list-query.ts'

/** What a property can be asked for; the values are those that its rows have, and some that none has. */
export interface AskedProperty {
  readonly property: string
  readonly kind: 'text' | 'number' | 'flag' | 'member' | 'date'
  readonly values: readonly Comparable[]
  /** Kinds of rows that the property can be asked of alone. */
  readonly kinds?: readonly string[]
  /** How many terms of one filter may name it; absent = any number. */
  readonly mostTerms?: number
}

export function anyPredicate(asked: readonly AskedProperty[]): fc.Arbitrary<Predicate> {
  const one = fc.constantFrom(...asked)
  const text = fc.constantFrom(...asked.filter(({ kind }) => kind === 'text'))
  const part = fc.constantFrom('', 'a', 'A', 'ap', 'pple', 'É', 'é', '😀', '%', '_', 'ar')
  const leaf: fc.Arbitrary<Predicate> = fc.oneof(
    fc.record({ kind: fc.constant('constant' as const), value: fc.boolean() }),
    one.chain((property) =>
      fc.record({
        kind: fc.constant('compare' as const),
        operand: operandOf(property),
        comparison: fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
        value: fc.constantFrom(...property.values),
      }),
    ),
    one.chain((property) =>
      fc.record({
        kind: fc.constant('compare' as const),
        operand: operandOf(property),
        comparison: fc.constantFrom('eq', 'ne'),
        value: fc.constant(null),
      }),
    ),
    one.chain((property) =>
      fc.record({
        kind: fc.constant('in' as const),
        operand: operandOf(property),
        // More than a few travel in another way.
        values: fc.array(fc.constantFrom(...property.values, null), { maxLength: 20 }),
      }),
    ),
    text.chain((property) =>
      fc.record({
        kind: fc.constant('match' as const),
        operand: operandOf(property),
        match: fc.constantFrom('startsWith', 'endsWith', 'contains'),
        text: part,
      }),
    ),
    fc.record({
      kind: fc.constant('search' as const),
      properties: fc.array(
        text.map(({ property }) => property),
        { maxLength: 3 },
      ),
      text: part,
    }),
  )
  return fc
    .letrec<{ tree: Predicate }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          of: fc.array(tie('tree'), { maxLength: 3 }),
        }),
        fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
      ),
    }))
    .tree.filter((tree) =>
      asked.every(({ property, mostTerms = Infinity }) => termsOf(tree, property) <= mostTerms),
    )
}

function termsOf(predicate: Predicate, property: string): number {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.of.reduce((sum, one) => sum + termsOf(one, property), 0)
    case 'not':
      return termsOf(predicate.of, property)
    case 'constant':
    case 'search':
      return 0
    default:
      return predicate.operand.property === property ? 1 : 0
  }
}

export function anyOrder(asked: readonly AskedProperty[]): fc.Arbitrary<readonly Order[]> {
  const order = fc.constantFrom(...asked).chain((property) => {
    const plain = { operand: operandOf(property), isDescending: fc.boolean() }
    if (property.kind !== 'member') return fc.record(plain)
    // Members may share a rank, and some have none.
    const ranks = fc.dictionary(
      fc.constantFrom(...property.values.map(String)),
      fc.integer({ min: 0, max: 2 }),
    )
    return fc.oneof(fc.record(plain), fc.record({ ...plain, ranks }))
  })
  return fc.array(order, { maxLength: 3 })
}

function operandOf({ property, kinds }: AskedProperty): fc.Arbitrary<Operand> {
  const everywhere = fc.constant({ property })
  if (!kinds) return everywhere
  const some = fc.subarray([...kinds], { minLength: 1 })
  return fc.oneof(
    everywhere,
    some.map((ofKinds) => ({ property, ofKinds })),
  )
}
