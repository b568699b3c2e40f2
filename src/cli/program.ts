/** All commands of mesolab. */
import { Command } from 'commander';
import { addAgentCommand } from './agent-command.ts';
import { addChartCommand } from './chart-command.ts';
import { addCompareCommand } from './compare-command.ts';
import { addFuzzCommand } from './fuzz-command.ts';
import { addJobCommand } from './job-command.ts';
import { addLabCommand } from './lab-command.ts';
import { addMasterCommand } from './master-command.ts';
import { addNotebookCommand } from './notebook-command.ts';
import { addPlayCommand } from './play-command.ts';
import { addPoliciesCommand } from './policies-command.ts';
import { addReplayCommand } from './replay-command.ts';
import { addReportCommand } from './report-command.ts';
import { addRunCommand } from './run-command.ts';
import { addServiceCommand } from './service-command.ts';
import { addSimulateCommand } from './simulate-command.ts';
import { addSweepCommand } from './sweep-command.ts';
import { addTraceCommands } from './trace-commands.ts';
import { addValidateCommand } from './validate-command.ts';
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
