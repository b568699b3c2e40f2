/** Placement constraints of tasks, from Google's 2011 table `task_constraints`. */
import type { Constraint } from '../../cluster/constraints.ts';
import { Growable } from '../growable.ts';
import { ConstraintSets, EMPTY_SET } from './constraint-sets.ts';
import type { ImportReport, TraceInput } from './importer.ts';
import type { MachineLog } from './machine-log.ts';
import { filesOfTable, readTable } from './table-files.ts';

const TABLE = 'task_constraints';

const COLUMNS = ['time', 'job ID', 'task index', 'comparison operator', 'attribute name', 'attribute value'];
/** EQUAL, NOT EQUAL, LESS THAN, GREATER THAN. */
const OPERATORS = ['in', 'notIn', 'less', 'greater'] as const;

export class TaskConstraints {
  readonly sets = new ConstraintSets();
  /** Sentences for the report. */
  readonly notes: string[] = [];
  /** Numbers of statements by job and task index. */
  private readonly statements = new Map<string, Map<number, number>>();
  private readonly statedAt = new Growable((n) => new Float64Array(n));
  private readonly set = new Growable((n) => new Int32Array(n));

  /**
   * Constraints with one time are one statement, and a later statement replaces an earlier one. Without machine
   * attributes no agent could satisfy any, so that they are left out.
   */
  static async read(input: TraceInput, machines: MachineLog, report: ImportReport): Promise<TaskConstraints> {
    const constraints = new TaskConstraints();
    if (filesOfTable(input.files, TABLE).length === 0) return constraints;
    if (!machines.statesAttributes) {
      constraints.notes.push('Task constraints are left out, since the trace is without machine_attributes.');
      return constraints;
    }
    await readTable(input, TABLE, { columns: COLUMNS }, report, (row) => {
      const operator = OPERATORS[row.code('comparison operator', OPERATORS.length)];
      const time = row.amount('time', 'microseconds');
      const index = row.count('task index', 'tasks');
      const attribute = row.text('attribute name');
      const value = row.text('attribute value');
      // Asking for an attribute to be absent that no machine has is no restriction.
      if (operator === 'in' && value === '' && !machines.hasAttribute(attribute)) return;
      constraints.state(row.text('job ID'), index, time, { attribute, operator, values: [value] });
    });
    constraints.notes.push(
      'A task has the constraints that were stated last; a machine without an attribute counts as having it empty, or as 0 for LESS THAN and GREATER THAN.',
    );
    return constraints;
  }

  /** The number, in `sets`, of what constrains a task. */
  setOf(job: string, index: number): number {
    const statement = this.statements.get(job)?.get(index);
    return statement === undefined ? EMPTY_SET : this.set.at(statement);
  }

  private state(job: string, index: number, time: number, constraint: Constraint): void {
    let ofJob = this.statements.get(job);
    if (!ofJob) {
      ofJob = new Map();
      this.statements.set(job, ofJob);
    }
    const statement = ofJob.get(index);
    if (statement === undefined) {
      ofJob.set(index, this.set.length);
      this.statedAt.push(time);
      this.set.push(this.sets.with(EMPTY_SET, constraint));
    } else if (time >= this.statedAt.at(statement)) {
      const before = time === this.statedAt.at(statement) ? this.set.at(statement) : EMPTY_SET;
      this.statedAt.set(statement, time);
      this.set.set(statement, this.sets.with(before, constraint));
    }
  }
}
