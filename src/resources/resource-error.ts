/** A resource, or a text of resources, that cannot be. */
export class ResourceError extends Error {
  /** What is wrong, without the name. */
  readonly problem: string;

  constructor(name: string, problem: string) {
    super(`resource ${name}: ${problem}`);
    this.name = 'ResourceError';
    this.problem = problem;
  }
}
