import pg from 'pg';

/** Has the database refuse the next change of that kind, as one that is away for a moment. */
export async function hiccup(ownerUrl: string, change: keyof typeof CHANGES): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`
    CREATE SEQUENCE hiccup;
    CREATE FUNCTION hiccup() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      IF nextval('hiccup') = 1 THEN RAISE 'away for a moment'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER hiccup BEFORE ${CHANGES[change]} EXECUTE FUNCTION hiccup()`);
  await client.end();
}

const CHANGES = {
  'verified bytes':
    'UPDATE ON transfer_file FOR EACH ROW WHEN (OLD.sha256 IS NULL AND NEW.sha256 IS NOT NULL)',
  'ended attempt': 'INSERT ON attempt FOR EACH ROW WHEN (NEW.transfer_file_id IS NOT NULL)',
};
