import { countOf } from '../format.js';
import classes from './routes.module.css';

export interface RouteWords {
  filePattern: string;
  sourceName: string | null;
  sourcePath: string;
  targetName: string | null;
  targetPath: string;
  ifExists: 'replace' | 'fail';
  afterAction: 'keep' | 'delete' | 'move';
  archivePath: string;
  maxTries: number;
}

/** A route as a sentence, so that what was set up can be read aloud. */
export function RouteSentence({ words }: { words: RouteWords }) {
  const { filePattern, sourceName, sourcePath, targetName, targetPath, ifExists, afterAction, archivePath } =
    words;
  const all = filePattern === '' || filePattern === '*';
  return (
    <p className={classes.sentence}>
      Every file{' '}
      {!all && (
        <>
          matching <Piece text={filePattern} />{' '}
        </>
      )}
      in <Piece text={sourcePath} /> of <Piece text={sourceName} missing="the source" plain /> goes to{' '}
      <Piece text={targetPath} /> of <Piece text={targetName} missing="the target" plain />
      {ifExists === 'replace'
        ? ', replacing a file of the same name there'
        : ', and fails where a file of the same name is there already'}
      ; then {afterAction === 'keep' && 'it stays at the source, and the next run sends it again.'}
      {afterAction === 'delete' && 'it is deleted at the source.'}
      {afterAction === 'move' && (
        <>
          it is moved to <Piece text={archivePath} missing="an archive folder" /> at the source.
        </>
      )}{' '}
      A failure that may pass is tried again, {countOf(words.maxTries, 'try', 'tries')} in all.
    </p>
  );
}

function Piece({
  text,
  missing = '…',
  plain = false,
}: {
  text: string | null;
  missing?: string;
  plain?: boolean;
}) {
  if (text === null || text === '') return <span className={classes.missing}>{missing}</span>;
  return plain ? <strong>{text}</strong> : <code className={classes.piece}>{text}</code>;
}
