-- The oldest program that this schema still serves, by its newest migration. Written with every migration, read by programs that are
-- older than their database: while versions change side by side, those it serves start, others say so and end.
CREATE TABLE IF NOT EXISTS oldest_program (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    revision text NOT NULL
);
