-- Definitions that PostgreSQL prints otherwise once they were restored from its own print, and others that only look so.
create schema f; set search_path = "$user", public; create table f.t (id int, v varchar(10), c char(3), n numeric, d date, e text);
alter table f.t add constraint a1 check (v in ('a','b,[c)','it''s')), add constraint a2 check (v = any (array['a','b']::varchar(10)[])),
 add constraint a3 check (c in ('abc','def')), add constraint a4 check (v not in ('x', E'back\\slash','y''')), add constraint a5 check (n in (1,2,3.5)), add constraint a6 check (d in ('2020-01-01','2020-01-02')),
 add constraint a7 check (e = any (array['a'::varchar, 'b'::varchar])), add constraint a8 check (array[v]::text[] <@ array['a','b']::text[]), add constraint a9 check (v = any (array[array['a','b'],array['c','d']]::varchar[])),
 add constraint a10 check (id::text = any (array['1'::varchar, null]::text[])), add constraint a11 check (n::varchar in ('1', '2'));
create view f.v1 as select case when v in ('a','b') then 'x' else 'y' end as k, array['a'::varchar,'b']::text[] as arr from f.t where v in (select v from f.t where v in ('q','r'));
create view f.v2 as select t.*, x.n as n2 from f.t join f.t x using (id) where (t.v, t.c) in (('a','b'),('c','d'));
create view f.v3 as select count(*) filter (where v in ('a','b')) over w, v || 'x' as vx, c || 'y' as cy, coalesce(v, 'z') as cz, date_trunc('day', d) + interval '1 day' as iv from f.t window w as (order by d);
create view f.v4 as with q as (select 1 as a union all select 2) select * from q, lateral (select v from f.t where id = a) z;
create view f.v5 as select v from f.t where v like 'a%' and v similar to 'b%' and v between 'a' and 'b' and d between symmetric '2020-01-01' and '2021-01-01' and n::int % 2 = 0 order by v collate "C";
create view f.v6 as select xmlelement(name a, e), extract(year from d), d at time zone 'UTC', substring(e from 1 for 2), overlay(e placing 'x' from 1), trim(both 'x' from e), position('a' in e), grouping(v) from f.t group by grouping sets ((e,d,v),(v,e,d));
create view f.v7 as select * from (values ('a'::varchar,1),('b',2)) as q(a,b) where a in ('a','b');
create index i1 on f.t (lower(v)) where v in ('a','b');
create domain f.dom as varchar check (value in ('a','b'));
alter table f.t alter v set default (array['a','b']::varchar[])[1];
create function f.at(x varchar) returns int begin atomic select 1 where x in ('a','b'); end;
create rule r as on update to f.t where new.v in ('a','b') do also delete from f.t where false;
create policy p on f.t using (v in ('a','b')) with check (v in ('c', 'd'));
alter table f.t rename v to vv;
