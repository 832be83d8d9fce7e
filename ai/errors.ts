/** What went wrong with a task; callers branch on the class, users never see the message. */
class TaskError extends Error {
  readonly task: string;
  constructor(message: string, task: string, cause: unknown) {
    super(message, { cause });
    this.name = new.target.name;
    this.task = task;
  }
}

/** The caller handed over input that the task's schema refuses. */
export class InvalidTaskInputError extends TaskError {
  constructor(task: string, cause: unknown) {
    super(`the input of task ${task} does not fit its schema`, task, cause);
  }
}

/** The writer or model broke the task's output schema. */
export class InvalidTaskOutputError extends TaskError {
  constructor(task: string, cause: unknown) {
    super(`the output of task ${task} does not fit its schema`, task, cause);
  }
}

/** The scope's signal was aborted before the task finished. */
export class TaskAbortedError extends TaskError {
  constructor(task: string, cause: unknown) {
    super(`task ${task} was aborted`, task, cause);
  }
}
