/** The part of jstat that is used; it has no types of its own. */
declare module 'jstat' {
  const jstat: {
    readonly jStat: {
      /** Quantile of Student's t. */
      readonly studentt: { inv(probability: number, degrees: number): number };
    };
  };
  // biome-ignore lint/style/noDefaultExport: it has no other
  export default jstat;
}
