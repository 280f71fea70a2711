import { type AppError, isAppError } from '@attestel/core';
import { fail } from '../errors.ts';

/** A node that did not answer is not waited for again, question by question: others would be looked at too late. */
const REST_SECONDS = 5;

export interface NodeTurns {
  /** The first answer that any node gives and `accept` takes; else the last failure. */
  ask<T>(question: (node: string) => Promise<T>, accept: (answer: T) => boolean): Promise<T | AppError>;
}

/** Nodes in turn, as listed; none of them is believed, so any of them will do. @param now unix seconds */
export function createNodeTurns(nodes: readonly string[], now: () => number): NodeTurns {
  const restingUntil = new Map<string, number>();
  const answerOf = async <T>(node: string, question: (node: string) => Promise<T>): Promise<T | AppError> => {
    try {
      return await question(node);
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (error.code === 'pki_node_unreachable') restingUntil.set(node, now() + REST_SECONDS);
      return error;
    }
  };
  return {
    async ask(question, accept) {
      let failure: AppError = fail('pki_node_unreachable');
      for (const node of nodes) {
        if ((restingUntil.get(node) ?? 0) > now()) continue;
        const answer = await answerOf(node, question);
        if (isAppError(answer)) failure = answer;
        else if (accept(answer)) return answer;
      }
      return failure;
    },
  };
}
