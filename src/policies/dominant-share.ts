/** The dominant share of a usage vector (Ghodsi et al., NSDI 2011, section 4). */

/** max over r of usage[r] ÷ total[r]; resources that the cluster has none of are passed over. */
export function dominantShareOf(usage: Float64Array, total: Float64Array): number {
  let share = 0;
  for (let r = 0; r < usage.length; r++) {
    if (total[r] > 0 && usage[r] / total[r] > share) share = usage[r] / total[r];
  }
  return share;
}
