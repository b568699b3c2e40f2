/** All commands of mesolab. */
import { Command } from 'commander';
import { addAgentCommand } from './daemons/agent-command.ts';
import { addLabCommand } from './daemons/lab-command.ts';
import { addMasterCommand } from './daemons/master-command.ts';
import { addFuzzCommand } from './fuzz-command.ts';
import { addPlayCommand } from './play/play-command.ts';
import { addReplayCommand } from './play/replay-command.ts';
import { addValidateCommand } from './play/validate-command.ts';
import { addPoliciesCommand } from './policies/policies-command.ts';
import { addChartCommand } from './results/chart-command.ts';
import { addCompareCommand } from './results/compare-command.ts';
import { addNotebookCommand } from './results/notebook-command.ts';
import { addReportCommand } from './results/report-command.ts';
import { addSimulateCommand } from './simulate/simulate-command.ts';
import { addJobCommand } from './submit/job-command.ts';
import { addRunCommand } from './submit/run-command.ts';
import { addServiceCommand } from './submit/service-command.ts';
import { addSweepCommand } from './sweep/sweep-command.ts';
import { addTraceCommands } from './trace/trace-commands.ts';
import { VERSION } from './version.ts';

/** The program throws CommanderError or InputError where the command line is wrong, rather than end the process. */
export function createProgram(): Command {
  const program = new Command('mesolab')
    .description('a laboratory for cluster resource allocation')
    .version(VERSION)
    .showSuggestionAfterError()
    .showHelpAfterError('(mesolab --help lists commands and options)')
    .exitOverride();
  addSimulateCommand(program);
  addSweepCommand(program);
  addCompareCommand(program);
  addReportCommand(program);
  addChartCommand(program);
  addTraceCommands(program);
  addPoliciesCommand(program);
  addFuzzCommand(program);
  addReplayCommand(program);
  addAgentCommand(program);
  addLabCommand(program);
  addMasterCommand(program);
  addRunCommand(program);
  addJobCommand(program);
  addServiceCommand(program);
  addNotebookCommand(program);
  addPlayCommand(program);
  addValidateCommand(program);
  return program;
}
