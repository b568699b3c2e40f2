/** A resource, or a text of resources, that cannot be. */
export class ResourceError extends Error {
  constructor(name: string, problem: string) {
    super(`resource ${name}: ${problem}`);
    this.name = 'ResourceError';
  }
}
