import { Button, Modal, Textarea } from '@mantine/core';
import { createContext, use, useRef, useState, type ReactNode } from 'react';
import { Failure } from './failure.js';

export interface Question {
  title: string;
  body: ReactNode;
  confirm: string;
  /** What turning back is called. */
  stay?: string;
  danger?: boolean;
  /** Asks for a reason of at least three characters as well. */
  reason?: string;
  /** What is done once it is confirmed. Where that is refused, the question stays and says why. */
  work?: () => Promise<unknown>;
}
/** False when the person turned back; otherwise the reason, empty where none was asked for. */
type Answer = string | false;

// Before the sign-in nobody is asked.
const ConfirmContext = createContext<(question: Question) => Promise<Answer>>(() => Promise.resolve(''));

/** Asks before something is done; the answer comes as a promise. */
export const useConfirm = () => use(ConfirmContext);

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const answer = useRef<(answer: Answer) => void>(() => undefined);
  const ask = (next: Question) =>
    new Promise<Answer>((resolve) => {
      answer.current(false);
      answer.current = resolve;
      setReason('');
      setFailure(null);
      setQuestion(next);
      setOpened(true);
    });
  const close = (given: Answer) => {
    setOpened(false);
    answer.current(given);
  };
  const confirm = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await question?.work?.();
      close(reason.trim());
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const tooShort = question?.reason !== undefined && reason.trim().length < 3;
  return (
    <ConfirmContext value={ask}>
      {children}
      <Modal
        opened={opened}
        onClose={() => close(false)}
        title={question?.title}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!tooShort && !busy) void confirm();
          }}
        >
          <div className="soft breaks">{question?.body}</div>
          {question?.reason !== undefined && (
            <Textarea
              mt="md"
              label={question.reason}
              description="It is kept with the event in the audit log."
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              maxLength={200}
              minRows={2}
              autosize
              required
              data-autofocus
            />
          )}
          {failure !== null && (
            <div style={{ marginTop: 16 }}>
              <Failure error={failure} />
            </div>
          )}
          <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8, marginTop: 20 }}>
            <Button variant="default" onClick={() => close(false)}>
              {question?.stay ?? 'Keep as it is'}
            </Button>
            <Button
              type="submit"
              color={question?.danger ? 'red.8' : undefined}
              disabled={tooShort}
              loading={busy}
              data-autofocus={question?.reason === undefined ? true : undefined}
            >
              {question?.confirm}
            </Button>
          </div>
        </form>
      </Modal>
    </ConfirmContext>
  );
}
