/** The kinds of property and how each is written down: `text({...})`, `member(enumType, {...})`. */
import { never } from './date-time-offset.ts'
import type {
  ComplexType,
  EnumType,
  FaceNames,
  Property,
  Shape,
  Source,
  Write,
} from './entity-type.ts'

interface Given {
  readonly faces: FaceNames
  readonly write: Write
  readonly description: string
  readonly shownAs?: NonNullable<Property['shownAs']>
  readonly source?: Source
  readonly isOpaque?: true
  readonly nullableIn?: NonNullable<Property['nullableIn']>
}

type Made<S extends Shape, N extends boolean> = Given & {
  readonly shape: S
  readonly nullable: N
  readonly initial: unknown
}

/** Longest text that is stored unless a property says otherwise, in UTF-16 code units (graph D19). */
const textLimit = 4_096

/** Text that may be null; null unless given. */
export function text(given: Given & { maxLength?: number }) {
  const { maxLength = textLimit, ...rest } = given
  return {
    ...rest,
    shape: { kind: 'text', maxLength },
    nullable: true,
    initial: null,
  } as const satisfies Property
}

/** Text that is always there. */
export function requiredText(given: Given & { maxLength?: number }) {
  const { maxLength = textLimit, ...rest } = given
  return {
    ...rest,
    shape: { kind: 'text', maxLength },
    nullable: false,
    initial: '',
  } as const satisfies Property
}

/** Text that is written, echoed once and never read again. */
export function secretText(given: Given & { maxLength: number }) {
  const { maxLength, ...rest } = given
  return {
    ...rest,
    shape: { kind: 'text', maxLength },
    nullable: true,
    initial: null,
    secret: true,
  } as const satisfies Property
}

export function guid(given: Given) {
  return {
    ...given,
    shape: { kind: 'guid' },
    nullable: false,
    initial: '',
  } as const satisfies Property
}

export function flag(given: Given) {
  return {
    ...given,
    shape: { kind: 'flag' },
    nullable: false,
    initial: false,
  } as const satisfies Property
}

export function int32(given: Given) {
  return {
    ...given,
    shape: { kind: 'int32' },
    nullable: false,
    initial: 0,
  } as const satisfies Property
}

export function int64(given: Given) {
  return {
    ...given,
    shape: { kind: 'int64' },
    nullable: false,
    initial: 0,
  } as const satisfies Property
}

/** An instant with the offset it was written in; "never" (year 1) unless given. */
export function dateTimeOffset(given: Given) {
  return {
    ...given,
    shape: { kind: 'dateTimeOffset' },
    nullable: false,
    initial: never,
  } as const satisfies Property
}

export function member<M extends string>(of: EnumType<M>, given: Given & { initial: NoInfer<M> }) {
  return { ...given, shape: { kind: 'member', of }, nullable: false } as const satisfies Property
}

export function texts(
  given: Given & { initial: readonly string[]; maxLength: number; maxItems: number },
) {
  const { maxLength, maxItems, ...rest } = given
  return {
    ...rest,
    shape: { kind: 'collection', of: { kind: 'text', maxLength }, maxItems },
    nullable: false,
  } as const satisfies Property
}

export function complexes<C extends ComplexType>(of: C, given: Given & { maxItems: number }) {
  const { maxItems, ...rest } = given
  return {
    ...rest,
    shape: { kind: 'collection', of: { kind: 'complex', of }, maxItems },
    nullable: false,
    initial: [],
  } as const satisfies Property
}

/** One complex value, null unless there is one. */
export function complex<C extends ComplexType>(
  of: C,
  given: Given,
): Made<{ readonly kind: 'complex'; readonly of: C }, true> {
  return { ...given, shape: { kind: 'complex', of }, nullable: true, initial: null }
}
