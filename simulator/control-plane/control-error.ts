/** An answer of the control plane that is no success: says what, why, and what to do. */
export class ControlError extends Error {
  readonly status: 400 | 401 | 404 | 409

  constructor(status: ControlError['status'], message: string) {
    super(message)
    this.status = status
  }
}
