/** What every operation's handler is given and gives back. Nothing here knows HTTP but the body, which the handler reads. */
import type { SyncRequestDeps } from '../../domain/sync/request-sync.ts'
import type { Actor } from '../../domain/tokens/actor.ts'
import type { Retry } from '../../domain/tokens/add-token.ts'
import type { ExpectedVersion } from '../../domain/tokens/precondition.ts'
import type { UpdateDeps } from '../../domain/tokens/update-token.ts'
import type { ListedPage, ListQuery } from '../../model/list-query.ts'
import type { JsonMembers } from '../../model/payload/encode.ts'
import type { Tenant } from '../../model/tenant.ts'
import type { Answer, HttpRequest } from '../../ports/route.ts'
import type { EntitySet } from '../entity-set.ts'
import type { ServedOperation } from '../operations.ts'

export type UseCaseDeps = UpdateDeps &
  SyncRequestDeps & {
    /** Called after something has become due, so that it need not wait for the next look. */
    readonly onDue: () => void
    /** How long a create is recognized by its Idempotency-Key. */
    readonly recognizeRetriesMs: number
    /** The way in for the items of a batch: the same pipeline as for any request. */
    readonly answer: Answer
  }

/** One operation's input, decoded and checked but for the body. Each handler takes what it needs. */
export interface Input {
  readonly actor: Actor
  readonly tenant: Tenant
  /** An id in the path by the name of its template, lower case. Failure `badRequest` when it is no GUID. */
  readonly id: (name?: string) => string
  /** A parameter of the function in the path. Failure `badRequest` when it was left out. */
  readonly parameter: (name: string) => string
  readonly query: ListQuery
  readonly isCountWanted: boolean
  /** From `If-Match`. */
  readonly expected: ExpectedVersion | undefined
  /** From `Idempotency-Key`. */
  readonly retry: Omit<Retry, 'recognizedMs'> | undefined
}

/** A record to be shown, or a value without a key. */
export interface Row {
  readonly record: Readonly<Record<string, unknown>>
  /** The ETag; absent for what has none. */
  readonly version?: number
  /** Where its set holds several types: which one it is. */
  readonly kind?: string
}

export type ListRows = (query: ListQuery) => Promise<ListedPage<Row>>

export type Result =
  | { readonly kind: 'entity'; readonly row: Row }
  | { readonly kind: 'created' | 'updated'; readonly row: Row; readonly echo: string | null }
  /** The answer of an action: an entity outside its set (graph 7.2). */
  | { readonly kind: 'acted'; readonly row: Row }
  /** A list whose rows are read while the answer is written, so that no more are read than it can hold. */
  | {
      readonly kind: 'page'
      readonly query: ListQuery
      readonly list: ListRows
      readonly count?: number
    }
  | { readonly kind: 'count'; readonly count: number }
  /** JSON that is no entity; `context` as a fragment, absent where there is none. */
  | { readonly kind: 'value'; readonly members: JsonMembers; readonly context?: string }
  /** JSON that is written down already. */
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'nothing' }

/** Which query options the answer takes. */
export type Answered = 'list' | 'entity' | 'count' | 'nothing'

export interface Handler {
  readonly answers: Answered
  /** `If-Match` guards the change (graph D13). */
  readonly isConditional?: true
  /** `Idempotency-Key` is heeded (graph D18). */
  readonly isRecognized?: true
  run(
    deps: UseCaseDeps,
    input: Input,
    request: HttpRequest,
    operation: ServedOperation,
  ): Promise<Result>
}

/** Reads and decodes what the request carries, once its headers have been found good (graph G11). */
export type BodyReader<Body> = (request: HttpRequest, operation: ServedOperation) => Promise<Body>

interface Declared<Body> {
  readonly answers?: Answered
  readonly isConditional?: true
  readonly isRecognized?: true
  readonly body: BodyReader<Body>
  readonly handle: (
    deps: UseCaseDeps,
    input: Input,
    body: Body,
    request: HttpRequest,
  ) => Promise<Result>
}

/** A handler that takes a body. */
export function takes<Body>({
  answers = 'nothing',
  body,
  handle,
  ...rest
}: Declared<Body>): Handler {
  return {
    answers,
    ...rest,
    run: async (deps, input, request, operation) =>
      handle(deps, input, await body(request, operation), request),
  }
}

/** A handler without one. */
export function reads(
  answers: Answered,
  handle: (deps: UseCaseDeps, input: Input) => Promise<Result>,
): Handler {
  return { answers, run: (deps, input) => handle(deps, input) }
}

/** For operations that show rows. */
export function requireSet({ set, name }: ServedOperation): EntitySet {
  if (set) return set
  throw new Error(`The operation ${name} has no set.`)
}
