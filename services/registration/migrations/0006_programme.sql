-- What the programme is searched by: facets, words, and where a meetup stood before it was moved.
--
-- Words are looked up without the extension `unaccent`, which a plain server may lack: both sides are folded by the same expression.

-- Small letters without accents or signs: « L’Œuvre à Étel » becomes « l oeuvre a etel ».
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(
    lower(regexp_replace(
        normalize(
            replace(replace(replace(replace(words, 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'),
            NFKD
        ),
        '[\u0300-\u036f]', '', 'g'
    )),
    '-‐‑–—/\_.,;:!?''’‘ʻʼ"«»“”()[]{}<>@&|*+=~^%$#€°…·•`',
    repeat(' ', 60)
);

-- Folded words without the plural of words that end in a vowel: the stemmer takes « vidéos » and « menus » for singulars.
CREATE FUNCTION singular(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(words, '([^ ]{3}[aiou])s(?= |$)', '\1', 'g');

-- A text by which it is found: stems, so that « devis » finds « un devis » and « formations » finds « formation », and whole words, so
-- that one that is not finished yet finds what begins with it, and not what shares its stem.
CREATE FUNCTION findable(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('french', singular(folded(words))) || to_tsvector('simple', folded(words));

-- What somebody types, as a question: every word is meant, the last one may not be finished. Little words whose accents hid them from
-- the list of stop words (à, même) ask nothing. Where no word asks anything, it has no node.
CREATE FUNCTION asked_for(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT plainto_tsquery('french', singular(w.words)) || CASE
        WHEN w.last IS NULL THEN ''
        ELSE plainto_tsquery('french', singular(w.before)) && to_tsquery('simple', '''' || w.last || ''':*')
    END
    FROM (
        SELECT s.words, substring(s.words FROM '([^ ]{3,})$') AS last, regexp_replace(s.words, '[^ ]+$', '') AS before
        FROM (SELECT btrim(regexp_replace(folded($1), '(^| )(a|meme)(?= |$)', ' ', 'g')) AS words) AS s
    ) AS w
);

ALTER TABLE meetups
    -- Codes of vocabularies; none means that nothing was said, which shuts nobody out.
    ADD COLUMN audiences text[] NOT NULL DEFAULT '{}',
    ADD COLUMN level     text,
    ADD COLUMN sectors   text[] NOT NULL DEFAULT '{}',
    ADD COLUMN needs     text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT facets_are_short CHECK (
        cardinality(audiences) <= 20 AND cardinality(sectors) <= 20 AND cardinality(needs) <= 20 AND length(level) <= 64
        AND array_position(audiences, NULL) IS NULL AND array_position(sectors, NULL) IS NULL AND array_position(needs, NULL) IS NULL
    );

-- Where a meetup stood before each move: what its page says of it, and what keeps a walk through the programme from losing it.
CREATE TABLE meetup_moves (
    meetup_id    uuid        NOT NULL REFERENCES meetups ON DELETE CASCADE,
    moved_at     timestamptz NOT NULL,
    starts_at    timestamptz NOT NULL,
    starts_local timestamp   NOT NULL,
    timezone     text        NOT NULL,
    PRIMARY KEY (meetup_id, moved_at)
);

-- A meetup as it is shown: with its organisers, the lead first, its rooms, the one on site first, and where it stood before its last move.
CREATE VIEW meetup_sheets AS
SELECT m.*, (
    SELECT jsonb_agg(
        jsonb_build_object('organisation_id', o.organisation_id, 'role', o.role, 'name', g.name, 'kind', g.kind)
        ORDER BY o.role <> 'lead', o.role, g.name
    )
    FROM meetup_organisers AS o JOIN organisations AS g ON g.id = o.organisation_id WHERE o.meetup_id = m.id
) AS organisers, (
    SELECT jsonb_agg(
        jsonb_build_object('mode', r.mode, 'capacity', r.capacity, 'overbooking_percent', r.overbooking_percent, 'taken', r.seats_taken,
                           'waiting', r.waiting_count, 'next_number', r.next_waiting_number, 'filled', r.filled_at IS NOT NULL,
                           'decoys_held', r.decoys_held, 'decoys_waiting', r.decoys_waiting)
        ORDER BY r.mode DESC
    )
    FROM rooms AS r WHERE r.meetup_id = m.id
) AS rooms, stood.starts_local AS stood_local, stood.timezone AS stood_timezone
FROM meetups AS m LEFT JOIN LATERAL (
    SELECT v.starts_local, v.timezone FROM meetup_moves AS v WHERE v.meetup_id = m.id ORDER BY v.moved_at DESC LIMIT 1
) AS stood ON m.calendar_sequence > 0;

-- What a meetup is only searched by, and never read with it: hence after the view.
ALTER TABLE meetups
    -- Names of its territory and region, of its format and facets: words one may look for that stand in no text of its organisers.
    ADD COLUMN keywords text NOT NULL DEFAULT '',
    -- Names of its organisers, copied: looked up for each meetup, they made a search take 300 ms instead of 5.
    ADD COLUMN held_by  text NOT NULL DEFAULT '',
    ADD COLUMN search   tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(findable(title), 'A')
        || setweight(findable(description), 'B')
        || setweight(findable(venue_name || ' ' || venue_address || ' ' || held_by), 'C')
        || setweight(findable(keywords), 'D')
    ) STORED;

CREATE INDEX meetups_ending ON meetups (ends_at) WHERE status <> 'draft';

-- What somebody looks for. What is null is not asked.
CREATE TYPE programme_filter AS (
    territories text[],
    outside     text[],
    since       date,
    until       date,
    format      text,
    audience    text,
    level       text,
    sector      text,
    need        text,
    mode        text,
    words       text,
    -- The part of time that is looked at, no filter one could drop.
    ends_after  timestamptz,
    ends_before timestamptz
);

-- Public meetups of a part of time, each with the filters it does not pass, where it stood when the walk began, and how well the words fit:
-- 0 in the title, 1 in the description, 2 elsewhere.
CREATE FUNCTION programme_tested(f programme_filter, as_of timestamptz)
RETURNS TABLE (id uuid, status text, stood_at timestamptz, starts_local timestamp, territory text, attendance_mode text,
               changed_at timestamptz, fit integer, misses text[])
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
WITH asked AS MATERIALIZED (
    SELECT asked_for((f).words) AS question
)
SELECT m.id, m.status,
    coalesce(
        (SELECT v.starts_at FROM meetup_moves AS v WHERE v.meetup_id = m.id AND v.moved_at > as_of ORDER BY v.moved_at LIMIT 1),
        m.starts_at
    ),
    m.starts_local, m.territory, m.attendance_mode, m.changed_at,
    CASE
        WHEN (f).words IS NULL OR ts_filter(m.search, '{a}') @@ asked.question THEN 0
        WHEN ts_filter(m.search, '{a,b}') @@ asked.question THEN 1
        ELSE 2
    END,
    array_remove(ARRAY[
        CASE WHEN m.territory <> ALL((f).territories) OR m.territory = ANY((f).outside) THEN 'territory' END,
        CASE WHEN m.starts_local < (f).since OR m.starts_local >= (f).until + 1 THEN 'days' END,
        CASE WHEN m.format <> (f).format THEN 'format' END,
        CASE WHEN m.audiences <> '{}' AND NOT m.audiences && ARRAY[(f).audience, 'everyone'] AND (f).audience IS NOT NULL THEN 'audience' END,
        CASE WHEN m.level IS DISTINCT FROM (f).level AND (f).level IS NOT NULL THEN 'level' END,
        CASE WHEN m.sectors <> '{}' AND (f).sector <> ALL(m.sectors) THEN 'sector' END,
        CASE WHEN (f).need IS NOT NULL AND (f).need <> ALL(m.needs) THEN 'need' END,
        CASE WHEN m.attendance_mode NOT IN ((f).mode, 'hybrid') THEN 'mode' END,
        CASE WHEN NOT m.search @@ asked.question THEN 'words' END
    ], NULL)
FROM meetups AS m, asked
WHERE m.status <> 'draft' AND m.visibility = 'public'
    AND ((f).ends_after IS NULL OR m.ends_at > (f).ends_after) AND ((f).ends_before IS NULL OR m.ends_at <= (f).ends_before);
END;
