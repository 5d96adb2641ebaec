/** Something about this machine that a person has to mend; the message says what and how. */
export class WorldProblem extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'WorldProblem'
  }
}
