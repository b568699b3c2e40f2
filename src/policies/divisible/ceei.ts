/** Competitive equilibrium from equal incomes: the market in which users buy resources with equal budgets. */
import type { AllocationProblem } from './allocation-problem.ts';
import { dominantTaskShare } from './drf.ts';

/**
 * Bound on the duality gap of Σ w log x for weights of sum 1. Tasks are off by the gap itself, or by its square root
 * where a resource is used up exactly though its price is 0. Much less is not reached in double precision.
 */
const GAP_MAX = 1e-23;
/** Bound on |capacity − use − slack| as a part of the capacity. */
const RESIDUAL_MAX = 1e-12;
const ITERATIONS_MAX = 200;

/**
 * Tasks x of each user that maximise Π xᵢ^wᵢ within the capacity (Nash welfare; the Eisenberg–Gale programme of a
 * market where user i's budget is its weight). Relative error about 1e-11 or less.
 *
 * Solved for the prices p of the resources: x follows as xᵢ = wᵢ / Σ pᵣ aᵢᵣ, where a is the part of resource r that a
 * task takes, and unused capacity s must satisfy p·s = 0. Newton's method follows p·s = μ with μ → 0 (primal-dual
 * interior point), a linear system of the size of the resources in each of about 30 steps.
 *
 * Source: Ghodsi et al., NSDI 2011, §5.2 (who cite Varian 1974).
 * @throws Error if it has not converged in 200 steps.
 */
export function ceei(problem: AllocationProblem): Float64Array {
  const market = new Market(problem);
  for (let iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
    if (market.isCleared()) return market.tasks();
    market.step();
  }
  throw new Error(`CEEI of ${problem.userCount} users did not converge in ${ITERATIONS_MAX} steps`);
}

class Market {
  private readonly problem: AllocationProblem;
  private readonly userCount: number;
  private readonly size: number;
  /** Budgets, of sum 1. */
  private readonly budget: Float64Array;
  /** Task shares over the user's dominant one, so that users with small and with large tasks weigh alike. */
  private readonly direction: Float64Array;
  private price: Float64Array;
  private slack: Float64Array;
  /** `1 − use − slack` by resource. */
  private residual: Float64Array;
  /** What the budget of each user buys at the prices, as a dominant share. */
  private bought: Float64Array;

  constructor(problem: AllocationProblem) {
    this.problem = problem;
    this.userCount = problem.userCount;
    this.size = problem.resourceCount;
    const budgetTotal = problem.weight.reduce((sum, weight) => sum + weight, 0);
    this.budget = problem.weight.map((weight) => weight / budgetTotal);
    this.direction = problem.taskShare.map(
      (share, k) => share / dominantTaskShare(problem, Math.floor(k / this.size)),
    );
    this.price = new Float64Array(this.size).fill(1 / this.size);
    this.slack = new Float64Array(this.size).fill(1);
    this.residual = new Float64Array(this.size);
    this.bought = new Float64Array(this.userCount);
    this.buy();
  }

  isCleared(): boolean {
    return this.gap() <= GAP_MAX && norm(this.residual) <= RESIDUAL_MAX;
  }

  /** One damped Newton step towards p·s = a tenth of its present mean. */
  step(): void {
    const { size, price, slack } = this;
    const target = (0.1 * this.gap()) / size;
    const matrix = this.demandSlope();
    const right = new Float64Array(size);
    for (let r = 0; r < size; r++) {
      matrix[r * size + r] += slack[r] / price[r];
      right[r] = target / price[r] - slack[r] - this.residual[r];
    }
    const priceStep = solveSymmetric(matrix, right, size);
    const slackStep = priceStep.map((dp, r) => (target - slack[r] * dp) / price[r] - slack[r]);
    let length = 1;
    for (let r = 0; r < size; r++) {
      if (priceStep[r] < 0) length = Math.min(length, (-0.99 * price[r]) / priceStep[r]);
      if (slackStep[r] < 0) length = Math.min(length, (-0.99 * slack[r]) / slackStep[r]);
    }
    // Demand is convex in the prices: a full step may overshoot where some user's costs would nearly vanish.
    const before = Math.max(norm(this.residual), RESIDUAL_MAX) + this.gap();
    for (let halvings = 0; ; halvings++) {
      this.price = price.map((p, r) => p + length * priceStep[r]);
      this.slack = slack.map((s, r) => s + length * slackStep[r]);
      this.buy();
      if (halvings === 40 || Math.max(norm(this.residual), RESIDUAL_MAX) + this.gap() < before) return;
      length /= 2;
    }
  }

  /** Bought shares as tasks, shrunk by what rounding put above the capacity. */
  tasks(): Float64Array {
    const { size, slack, residual } = this;
    let use = 1;
    for (let r = 0; r < size; r++) use = Math.max(use, 1 - slack[r] - residual[r]);
    return this.bought.map((share, i) => share / use / dominantTaskShare(this.problem, i));
  }

  private gap(): number {
    let gap = 0;
    for (let r = 0; r < this.size; r++) gap += this.price[r] * this.slack[r];
    return gap;
  }

  private buy(): void {
    const { userCount, size, direction, budget, price, slack, residual, bought } = this;
    for (let r = 0; r < size; r++) residual[r] = 1 - slack[r];
    for (let i = 0; i < userCount; i++) {
      let cost = 0;
      for (let r = 0; r < size; r++) cost += price[r] * direction[i * size + r];
      bought[i] = budget[i] / cost;
      for (let r = 0; r < size; r++) residual[r] -= bought[i] * direction[i * size + r];
    }
  }

  /** How the use of each resource falls with each price: Σ x² / w · a aᵀ. */
  private demandSlope(): Float64Array {
    const { userCount, size, direction, budget, bought } = this;
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < userCount; i++) {
      const factor = (bought[i] * bought[i]) / budget[i];
      for (let r = 0; r < size; r++) {
        const row = factor * direction[i * size + r];
        for (let c = 0; c < size; c++) matrix[r * size + c] += row * direction[i * size + c];
      }
    }
    return matrix;
  }
}

/**
 * Solves a symmetric positive semidefinite system by Cholesky's method. Where resources are redundant a pivot is
 * rounding only; that unknown is left at 0, since the prices are then not unique but what is bought is.
 */
function solveSymmetric(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const diagonal = new Float64Array(size);
  for (let c = 0; c < size; c++) diagonal[c] = matrix[c * size + c];
  const lower = matrix;
  for (let c = 0; c < size; c++) {
    for (let k = 0; k < c; k++) lower[c * size + c] -= lower[c * size + k] ** 2;
    const pivot = lower[c * size + c];
    const isRounding = pivot <= 1e-15 * diagonal[c];
    const root = Math.sqrt(pivot);
    lower[c * size + c] = isRounding ? 0 : root;
    for (let r = c + 1; r < size; r++) {
      for (let k = 0; k < c; k++) lower[r * size + c] -= lower[r * size + k] * lower[c * size + k];
      lower[r * size + c] = isRounding ? 0 : lower[r * size + c] / root;
    }
  }
  const x = Float64Array.from(right);
  for (let r = 0; r < size; r++) {
    for (let k = 0; k < r; k++) x[r] -= lower[r * size + k] * x[k];
    x[r] = lower[r * size + r] === 0 ? 0 : x[r] / lower[r * size + r];
  }
  for (let r = size - 1; r >= 0; r--) {
    for (let k = r + 1; k < size; k++) x[r] -= lower[k * size + r] * x[k];
    x[r] = lower[r * size + r] === 0 ? 0 : x[r] / lower[r * size + r];
  }
  return x;
}

function norm(vector: Float64Array): number {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  return largest;
}
