//! One suite for all databases: every case runs on SQLite and on PostgreSQL, each time on a database of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_raw_string_hashes,
    clippy::too_many_lines,
    missing_docs,
    unreachable_pub,
    reason = "tests fail by panicking, and what they define is seen by nobody else"
)]

mod refusal;
mod scenarios;
mod store;
mod suite;

store::conformance! {
    corners {
        a_large_float_stays_a_float,
        an_attribute_that_is_there_twice_is_refused,
        a_negative_limit_finds_nothing,
        by_name_too_archived_comes_before_missing,
        a_handle_changes_nothing_in_another_database on store,
        a_copy_has_every_edge_while_nodes_are_renamed on store,
        a_long_chain_in_one_batch_closes_no_cycle_and_its_end_does,
        migrations_race_inside_transactions on empty,
    }

    edges {
        an_edge_reads_back_as_it_was,
        an_edge_without_attributes_reads_back,
        a_batch_of_edges_answers_in_the_order_given,
        one_refused_edge_refuses_its_whole_batch,
        edges_with_keys_are_found_by_them,
        an_edge_without_direction_is_one_edge_either_way,
        an_edge_without_direction_keeps_its_ends_by_type,
        directed_edges_run_both_ways_as_two,
        an_upserted_edge_says_what_was_done,
        an_upsert_finds_an_undirected_edge_from_either_end,
        an_upsert_by_key_changes_that_edge,
        the_ends_of_an_edge_never_move,
        an_edge_among_parallels_without_key_cannot_be_upserted,
        deleting_an_edge_leaves_its_ends_and_its_parallels,
        an_edge_id_means_nothing_under_another_type,
        an_edge_belongs_to_its_graph,
    }

    nodes {
        an_inserted_node_reads_back_as_it_was,
        a_node_is_found_by_its_key,
        a_type_without_key_gets_keys_that_differ_and_find,
        a_taken_key_is_refused_and_the_stored_node_untouched,
        one_key_names_different_nodes_in_two_graphs,
        a_namesake_of_another_type_keeps_its_key,
        a_batch_answers_in_the_order_given,
        one_refused_node_refuses_its_whole_batch,
        two_nodes_with_one_key_in_a_batch_conflict,
        get_many_aligns_with_what_was_asked,
        an_upsert_says_what_it_did,
        deleting_a_node_removes_its_edges_and_frees_its_key,
        deleting_what_is_gone_is_no_error,
        deleting_many_counts_what_was_there,
        nodes_load_oldest_first_and_count,
        an_id_means_nothing_under_another_type,
        metadata_is_the_consumers,
        metadata_of_a_missing_row_is_refused,
    }

    order {
        sources_come_before_their_targets,
        where_the_order_is_free_the_oldest_come_first,
        a_graph_with_a_cycle_has_no_order_and_says_which,
    }

    refusals {
        an_archived_graph_refuses_every_write,
        an_archived_graph_can_be_read_and_reopened,
        archived_comes_before_everything_else,
        a_missing_end_is_named_with_its_side,
        a_node_of_another_graph_is_no_end,
        a_node_of_another_type_is_no_end,
        a_self_loop_is_refused_unless_allowed,
        the_schema_comes_before_the_ends,
        all_violations_are_told_with_their_paths,
        a_cycle_is_refused_and_told_node_by_node,
        in_an_acyclic_graph_all_types_together_close_no_cycle,
        a_batch_that_closes_a_cycle_by_itself_is_refused,
        an_acyclic_type_closes_no_cycle_on_its_own,
        an_edge_that_is_gone_closes_no_cycle,
        a_graph_that_is_gone_refuses_writes,
        a_key_that_is_too_long_is_refused,
        a_refused_batch_says_the_first_reason,
        refusals_say_who_has_to_act,
    }

    rules {
        a_second_edge_of_one_type_per_pair_is_refused,
        two_equal_edges_in_a_batch_conflict,
        an_undirected_edge_is_parallel_to_itself_reversed,
        one_out_allows_one_edge_per_source,
        one_in_allows_one_edge_per_target,
        two_exclusive_edges_in_a_batch_conflict,
        a_simple_graph_has_one_edge_per_ordered_pair,
        a_simple_undirected_graph_has_one_edge_per_pair,
        a_simple_mixed_graph_has_one_edge_per_pair_whatever_its_direction,
        a_taken_edge_key_is_refused_between_any_nodes,
        an_edge_type_may_allow_parallels_in_a_graph_that_does_not,
        rules_of_one_graph_do_not_reach_into_another,
        a_restricting_node_stays_while_it_has_edges,
        clearing_a_graph_asks_no_restricting_node,
        opposite_directed_edges_are_no_parallels,
    }

    traversal {
        neighbours_are_found_out_in_and_both_ways,
        parallel_edges_lead_to_a_neighbour_once,
        a_self_loop_is_one_edge_whichever_way,
        edges_without_direction_are_followed_either_way,
        a_cycle_ends_and_depths_are_the_least,
        depth_ranges_are_respected,
        a_diamond_gives_each_node_once_at_its_least_depth,
        a_traversal_stays_in_its_graph,
        a_traversal_from_nowhere_reaches_nothing,
        a_hop_answers_with_the_type_that_was_asked,
        a_long_chain_is_followed_to_its_end,
    }

    unions {
        a_union_reads_each_node_as_its_own_type,
        a_union_loads_and_counts_its_members_only,
        get_many_through_a_union_mixes_types,
        a_key_in_a_union_finds_its_first_member_that_has_it,
        every_member_of_a_union_can_be_an_endpoint,
        a_node_can_be_deleted_through_a_union,
    }

    updates {
        an_update_changes_what_it_names_and_counts,
        an_update_may_change_the_key,
        an_update_to_a_taken_key_is_refused,
        an_edge_updated_to_a_taken_key_is_refused,
        an_update_of_what_is_gone_is_refused,
        an_update_at_an_old_version_is_stale,
        a_row_written_between_reading_and_writing_is_stale on store,
        a_stale_update_is_worth_another_try,
        a_replacement_leaves_nothing_of_the_old,
        a_patch_merges_and_null_removes,
        a_patch_is_judged_by_its_whole_result,
        a_value_outside_its_rules_is_refused,
        a_batch_with_one_invalid_value_writes_nothing,
    }
}
