//! One suite for all databases: every case runs on SQLite and on PostgreSQL, each time on a database of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes its answers that way")]

#[cfg(feature = "encryption")]
mod crypto;
#[cfg(feature = "tracing")]
mod events;
mod harness;
mod json_schema;
mod known;
mod lock;
#[cfg(feature = "postgres")]
mod partitions;
mod plans;
#[cfg(feature = "graphs")]
mod ready_made;
mod refusal;
mod scenarios;
mod schema_pairs;
mod store;
mod suite;
mod tinkerpop;
mod tinysnb;
mod values;

/// The other end of [`harness::Child`]: does nothing unless a parent asks.
#[test]
fn works_for_its_parent() {
    harness::obey();
}

store::conformance! {
    actors {
        an_actor_reads_back_by_id_and_by_subject,
        a_taken_subject_is_refused,
        any_number_of_actors_may_lack_a_subject,
        an_actor_can_be_changed,
        a_missing_actor_cannot_be_changed,
        a_deleted_actor_frees_its_subject,
        actors_are_found_by_what_they_are_and_in_pages,
        racing_actors_with_one_subject_are_one on store,
    }

    migration_folders {
        tables_and_types_come_and_go_beside_those_of_others on empty,
        a_folder_stores_what_sync_stores on empty,
        any_text_comes_through_a_file on empty,
        a_type_with_graphs_is_not_taken_back on empty,
        later_tables_come_alone on empty,
        a_changed_type_is_migrated_and_taken_back on empty,
        a_change_begins_with_its_own_document on empty,
        a_type_in_use_stays_when_a_change_is_taken_back on empty,
        a_new_attribute_asks_for_rows_that_have_one on empty,
        changes_of_words_are_no_revision on empty,
        what_rows_decide_is_refused on empty,
    }

    chains {
        a_chain_answers_with_the_set_behind_its_last_hop,
        rows_hold_every_way_with_its_edges,
        parts_of_rows_are_the_rows_with_less,
        paths_are_simple_trails_or_walks,
        each_start_has_its_own_answer,
        edges_are_filtered_and_grouped_by_their_ends,
        a_hop_asks_for_the_ends_of_its_edges,
    }

    aggregates {
        of_no_rows_there_are_none_and_nothing_else,
        numbers_are_summed_and_averaged,
        a_sum_beyond_its_type_is_refused,
        floats_come_out_of_extremes_as_they_went_in,
        texts_flags_and_times_have_extremes,
        counting_a_field_leaves_out_what_is_missing,
        only_the_rows_that_are_read_are_computed_over,
        numbers_of_one_value_are_counted_once,
    }

    columns {
        columns_of_the_row_compare_like_attributes,
        times_of_the_row_compare_with_any_time,
        all_parts_of_a_query_share_the_time_they_are_given,
        fields_compare_with_fields,
    }

    composites {
        a_list_contains_its_elements_and_no_part_of_them,
        texts_in_a_list_are_no_numbers_and_no_truth_values,
        the_length_of_a_list_is_a_number,
        elements_are_counted_from_zero,
        lists_compare_as_a_whole,
        lists_of_lists_compare_element_by_element,
        objects_compare_member_by_member,
        anything_compares_with_what_it_is,
        single_precision_floats_equal_what_was_written,
        times_inside_of_objects_compare_in_time,
        only_an_attribute_is_a_list_or_an_object,
        only_a_list_has_elements,
    }

    corners {
        a_large_float_stays_a_float,
        an_attribute_that_is_there_twice_is_refused,
        by_name_too_archived_comes_before_missing,
        a_handle_changes_nothing_in_another_database on store,
        a_copy_has_every_edge_while_nodes_are_renamed on store,
        a_long_chain_in_one_batch_closes_no_cycle_and_its_end_does,
        migrations_race_inside_transactions on empty,
    }

    cursors {
        a_cursor_bounds_every_way_to_read,
        a_query_goes_on_from_one_cursor,
        a_cursor_of_another_query_is_refused,
        a_malformed_cursor_is_refused,
        a_forged_cursor_is_refused,
        a_cursor_is_text_to_the_outside,
    }

    dynamic {
        typed_and_dynamic_see_the_same_rows,
        a_dynamic_graph_opens_like_a_typed_one,
        an_unknown_type_is_refused_with_the_known_ones,
        every_violation_is_told_with_its_path,
        one_invalid_value_refuses_its_whole_batch,
        rules_hold_for_json_as_for_types,
        a_foreign_graph_s_node_is_no_end,
        an_archived_graph_refuses_json_first_of_all,
        json_upserts_say_what_they_did,
        json_writes_check_versions,
        what_is_gone_is_told_by_json_as_well,
        pages_hold_each_row_once,
        numbers_of_json_read_back_exactly,
        json_that_nests_too_deep_or_holds_u0000_is_refused,
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
        an_edge_that_is_found_stays_as_it_is,
        an_upsert_finds_an_undirected_edge_from_either_end,
        an_upsert_by_key_changes_that_edge,
        the_ends_of_an_edge_never_move,
        an_edge_among_parallels_without_key_cannot_be_upserted,
        deleting_an_edge_leaves_its_ends_and_its_parallels,
        disconnecting_deletes_what_runs_between_two_nodes,
        an_edge_id_means_nothing_under_another_type,
        an_edge_belongs_to_its_graph,
    }

    ends {
        edges_are_found_by_attributes_of_their_ends,
        edges_are_ordered_and_selected_by_attributes_of_their_ends,
        an_edge_without_direction_has_the_ends_it_was_given,
        an_end_of_another_type_lacks_the_attributes,
        lists_at_an_end_are_refused,
        nodes_are_found_by_the_edges_at_them,
        edges_at_a_node_are_counted_a_self_loop_once,
        edges_from_other_types_are_asked_for_too,
        the_edges_at_a_node_are_filtered_by_their_ends,
        edges_without_direction_are_at_both_of_their_ends,
    }

    evolution {
        a_plan_counts_and_names_rows_and_writes_nothing,
        rows_that_do_not_fit_stop_everything,
        what_does_not_fit_is_made_up_on_request_and_told,
        names_of_types_attributes_and_keys_change_with_their_rows,
        a_new_attribute_waits_for_rows_that_have_one_of_its_name,
        a_new_attribute_is_taken_by_sync_where_nothing_is_in_its_way,
        a_type_with_rows_is_removed_only_when_told_to,
        types_without_rows_come_and_go_by_sync,
        an_archived_graph_is_changed_as_well,
        every_graph_of_the_type_is_changed_and_no_other,
        nobody_else_writes_while_rows_are_changed on store,
        racing_evolutions_change_each_row_once on store,
        an_evolution_shares_the_fate_of_the_transaction_around_it,
        a_check_reads_and_tells_what_is_missing on store,
        documents_of_all_revisions_are_kept,
        ways_that_are_parallel_are_found,
        several_ways_out_or_in_are_found,
        several_ways_in_are_found,
        ways_to_where_they_begin_are_found,
        circles_are_found,
        a_simple_graph_has_one_way_between_two_places,
        ways_keep_their_direction,
        ways_from_elsewhere_are_found,
        values_that_are_there_twice_are_found,
        looser_rules_no_longer_bind_what_is_there,
        keys_change_places,
        unique_values_move_on,
        values_are_unique_after_their_upgrade,
        a_number_without_fraction_is_read_as_an_integer,
        times_are_written_alike,
        times_that_are_the_same_are_found,
        text_that_is_too_long_for_a_new_index_is_found,
        a_stray_member_does_not_take_the_place_of_a_renamed_one,
        a_row_that_is_no_object_is_named,
        what_writers_were_told_is_there_after_an_evolution on store,
        an_evolution_sees_what_was_written_before_it on store,
        a_sync_sees_what_was_written_before_it on store,
        small_graphs_share_batches,
        attributes_beside_flattened_ones_are_renamed,
        graphs_that_are_deleted_on_the_way_are_left_out on store,
        a_variant_is_renamed_with_its_content,
        indexed_attributes_are_renamed_twice,
        edges_without_attributes_get_some_and_lose_them,
        a_transaction_that_does_not_see_others_is_refused on store,
        keys_of_edges_come_move_and_go,
        a_graph_walks_through_four_releases on store,
    }

    graphs {
        a_graph_is_created_found_and_opened_again,
        a_new_graph_is_what_was_asked_for,
        names_need_not_be_unique_but_opening_by_one_must_be,
        a_graph_opens_as_its_own_type_only,
        racing_openers_get_one_graph on store,
        the_row_of_a_graph_can_be_changed,
        clearing_empties_one_graph_only,
        a_deleted_graph_leaves_no_row,
        a_duplicate_has_the_same_content_and_a_life_of_its_own,
        a_duplicate_keeps_parallels_keys_and_directions,
        graphs_are_found_by_what_they_are,
        pages_of_graphs_hold_each_once,
    }

    groups {
        rows_are_grouped_by_any_field,
        edges_are_counted_by_what_is_at_an_end,
        rows_are_grouped_by_several_fields,
        the_greatest_groups_are_found_among_all,
        groups_are_filtered_by_what_was_computed,
        groups_are_filtered_by_their_key,
        edges_are_grouped_by_what_is_at_their_ends,
        numbers_of_one_value_are_one_group,
    }

    histories {
        histories_of_directed_edges_are_as_in_the_model,
        histories_with_loops_and_edges_without_direction_are_as_in_the_model,
        histories_without_cycles_are_as_in_the_model,
        histories_of_simple_graphs_are_as_in_the_model,
        histories_of_simple_mixed_graphs_are_as_in_the_model,
        histories_of_simple_undirected_graphs_are_as_in_the_model,
    }

    hostile {
        naughty_strings_are_attributes_like_any_other,
        naughty_strings_are_keys_like_any_other,
        naughty_strings_are_metadata_like_any_other,
        naughty_strings_are_names_like_any_other,
        u0000_is_refused_everywhere,
        an_escape_that_only_looks_like_u0000_is_text,
        numbers_at_their_limits_read_back_exactly,
        numbers_that_are_none_are_refused,
        attribute_names_are_only_names,
        hundreds_of_attributes_survive_a_patch,
        nesting_is_readable_or_refused,
        long_texts_are_stored,
        indexed_texts_have_a_limit_and_say_so,
    }

    index_use {
        indexed_equality_uses_its_index,
        indexed_ranges_and_beginnings_use_their_index,
        an_indexed_order_needs_no_sorting,
        a_page_further_on_begins_in_the_index,
        a_query_without_an_index_works_and_shows_its_scan,
        a_number_of_different_queries_is_a_handful_of_statements,
        only_usual_limits_have_statements_of_their_own,
    }

    indexes {
        sync_creates_declared_indexes_once,
        a_dropped_index_comes_back_and_a_stale_one_goes_on_request,
        the_indexes_of_a_deleted_type_are_gone,
        a_taken_attribute_is_refused_and_named,
        absent_attributes_claim_nothing_and_looks_are_not_equality,
        one_batch_does_not_take_an_attribute_twice,
        updates_and_upserts_respect_unique_attributes,
        edges_have_unique_attributes_too,
        text_too_long_for_an_index_is_refused,
        numbers_of_one_value_are_the_same_however_they_are_written,
        rows_that_are_the_same_keep_a_unique_index_from_coming,
        racing_writers_of_one_attribute_have_one_winner on store,
    }

    kills {
        a_killed_writer_loses_nothing_and_leaves_nothing_half_done on store,
        a_killed_load_goes_on_and_stores_each_row_once on store,
        a_killed_load_of_one_transaction_leaves_nothing on store,
        a_killed_load_without_a_name_leaves_whole_batches on store,
    }

    large {
        a_million_edges_take_memory_for_the_answer on store,
        a_check_holds_a_page_at_a_time on store,
        a_whole_graph_is_read_a_page_at_a_time on store,
    }

    maps {
        maps_are_asked_by_any_key,
        keys_with_quotes_are_looked_for_but_not_followed,
        naughty_strings_are_found_in_lists_and_maps,
        members_that_serde_flattens_are_attributes,
        attributes_may_have_unusual_names,
    }

    migrations {
        up_down_and_up_again on empty,
        all_our_tables_are_named_so_that_diesel_leaves_them_alone,
        tables_of_others_stay_as_they_are on empty,
        racing_threads_migrate_once on empty,
        racing_processes_migrate_once on empty,
        racing_processes_may_be_the_first_to_open_the_database on empty,
        a_database_of_a_newer_release_is_refused,
        a_database_without_our_tables_says_so on empty,
        a_missing_table_leaves_the_ledger_readable_in_a_transaction on empty,
        migrating_twice_in_one_transaction_is_migrating_once on empty,
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
        a_node_that_is_found_stays_as_it_is,
        deleting_a_node_removes_its_edges_and_frees_its_key,
        pages_of_nodes_and_edges_hold_each_once,
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

    pages {
        a_page_may_be_of_some_fields,
        a_missing_value_is_named_when_it_does_not_fit,
        pages_over_equal_keys_hold_each_row_once,
        pages_over_keys_that_may_be_missing_hold_each_row_once,
        pages_over_several_keys_hold_each_row_once,
        pages_over_texts_floats_and_times_hold_each_row_once,
        pages_over_columns_of_the_row_hold_each_row_once,
        pages_over_attributes_of_ends_and_degrees_hold_each_row_once,
        pages_over_what_may_be_left_out_hold_each_row_once,
        a_page_is_a_hundred_rows_where_nobody_said,
        rows_written_while_paging_are_seen_where_they_are_still_to_come,
    }

    parts {
        a_whole_graph_is_read_with_each_node_and_edge_once,
        keys_of_edges_are_read_with_a_whole_graph,
        a_whole_graph_with_a_type_of_others_is_not_read,
    }

    predicates {
        numbers_compare_by_value,
        between_includes_both_ends,
        floats_equal_what_was_written,
        an_integer_equals_the_float_of_its_value,
        false_is_less_than_true,
        an_enum_is_the_text_that_serde_writes,
        times_compare_with_and_without_fractions,
        none_equals_what_is_missing,
        missing_and_null_are_null_and_the_text_null_is_not,
        a_value_of_another_kind_never_compares,
        an_empty_list_has_no_rows_and_its_opposite_all,
        thousands_of_values_are_one_statement,
        thousands_of_predicates_are_one_statement,
        chains_of_predicates_are_as_long_as_one_likes,
        the_opposite_of_a_predicate_holds_where_it_does_not,
    }

    query_laws {
        a_predicate_holds_where_its_model_does_and_its_opposite_elsewhere,
        rows_come_in_the_order_of_the_model,
        pages_there_and_back_visit_each_row_once,
        groups_hold_what_the_model_computes,
    }

    projections {
        a_projection_reads_some_fields,
    }

    race_rules {
        threads_racing_for_a_pair on store,
        processes_racing_for_a_pair on store,
        threads_racing_for_an_undirected_pair on store,
        processes_racing_for_an_undirected_pair on store,
        threads_racing_for_a_source on store,
        processes_racing_for_a_source on store,
        threads_racing_for_a_target on store,
        processes_racing_for_a_target on store,
        threads_racing_for_the_only_edge on store,
        processes_racing_for_the_only_edge on store,
        threads_racing_for_the_only_undirected_edge on store,
        processes_racing_for_the_only_undirected_edge on store,
        threads_racing_for_a_pair_either_way on store,
        processes_racing_for_a_pair_either_way on store,
        threads_racing_for_a_node_key on store,
        processes_racing_for_a_node_key on store,
        threads_racing_for_an_edge_key on store,
        processes_racing_for_an_edge_key on store,
        threads_racing_for_an_attribute on store,
        processes_racing_for_an_attribute on store,
        threads_racing_for_two_attributes on store,
        processes_racing_for_two_attributes on store,
        threads_racing_for_an_attribute_of_edges on store,
        processes_racing_for_an_attribute_of_edges on store,
        threads_updating_to_one_attribute on store,
        processes_updating_to_one_attribute on store,
        threads_patching_edges_to_one_attribute on store,
        processes_patching_edges_to_one_attribute on store,
        threads_renaming_to_one_key on store,
        processes_renaming_to_one_key on store,
        threads_racing_to_delete_and_to_connect on store,
        processes_racing_to_delete_and_to_connect on store,
        threads_racing_to_upsert on store,
        processes_racing_to_upsert on store,
        threads_racing_to_find_or_insert on store,
        processes_racing_to_find_or_insert on store,
        threads_racing_to_upsert_an_edge on store,
        processes_racing_to_upsert_an_edge on store,
        threads_racing_to_find_or_connect on store,
        processes_racing_to_find_or_connect on store,
        threads_racing_to_close_a_cycle on store,
        processes_racing_to_close_a_cycle on store,
        threads_racing_to_close_a_cycle_of_a_graph on store,
        processes_racing_to_close_a_cycle_of_a_graph on store,
    }

    races {
        a_longer_cycle_is_not_closed_by_racing_halves on store,
        racing_upserts_make_one_node on store,
        racing_upserts_make_one_edge on store,
        upserts_beside_deletions_never_fail on store,
        edge_upserts_beside_deletions_never_fail on store,
        racing_patches_are_all_applied on store,
        who_waits_for_an_open_transaction_gets_its_conflict on store,
        who_archives_waits_for_open_transactions on store,
        who_deletes_a_restricting_node_waits_for_its_edges on store,
        once_archived_nothing_is_written_any_more on store,
        a_restricting_node_and_a_new_edge_never_both_win on store,
        a_snapshot_that_is_out_of_date_closes_no_cycle on store,
    }

    reads {
        what_is_missing_comes_last_ascending_and_first_descending,
        what_an_order_leaves_open_the_next_decides_and_then_the_id,
        an_attribute_that_may_be_left_out_is_ordered_as_missing,
        a_limit_of_none_and_an_offset_past_the_end_read_nothing,
        bounds_hold_for_every_way_to_read,
        counting_and_looking_need_no_order,
        every_kind_of_value_is_selected,
        columns_of_the_row_are_selected,
        a_projection_reads_what_it_has,
        a_missing_value_is_no_value_of_a_type_without_room_for_it,
        a_stream_reads_what_a_load_does,
        values_are_read_without_the_rest_of_a_row,
        the_statement_is_told_without_its_values,
        a_query_explains_itself_without_being_run,
        a_union_is_asked_through_its_members,
        an_order_by_what_is_not_there_is_refused,
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

    refused_queries {
        predicates_may_be_nested_but_not_without_end,
        what_equals_nothing_is_refused_before_it_is_asked,
        a_misspelt_attribute_is_refused_with_the_known_ones,
        a_time_of_the_row_is_not_compared_with_an_attribute,
        a_hop_s_filter_may_be_nested_but_not_without_end,
        edges_are_asked_for_at_the_ends_of_edges_but_not_without_end,
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

    statements {
        batches_of_all_lengths_share_a_handful_of_statements,
        batches_of_edges_share_a_handful_of_statements,
        lists_of_all_lengths_share_their_statement,
        one_row_is_one_statement,
        every_statement_on_nodes_or_edges_names_its_graph,
        every_table_of_a_query_is_bound_to_its_graph,
    }

    sync {
        a_type_is_registered_once,
        a_type_that_is_stored_costs_one_read,
        the_order_of_members_and_fields_does_not_matter,
        other_words_are_stored_anew_and_are_no_difference,
        a_type_that_differs_is_refused_with_every_difference,
        a_type_that_was_never_synced_is_unknown,
        racing_syncs_register_once on store,
        racing_syncs_of_two_versions_take_turns on store,
        a_handle_older_than_its_type_refuses_to_write_and_reads_on,
    }

    texts {
        parts_of_a_text_are_found_letter_by_letter,
        wildcards_are_letters_except_in_like,
        signs_of_other_patterns_are_letters,
        like_tells_upper_from_lower_case,
        case_is_ignored_in_all_alphabets,
        any_one_letter_is_one_code_point,
        lines_do_not_end_a_text,
        texts_are_ordered_by_code_points,
        naughty_strings_are_found_by_every_operation,
        long_texts_are_searched_and_longer_patterns_refused,
        a_pattern_has_a_limit_and_says_so,
    }

    transactions {
        graph_writes_and_own_writes_succeed_together,
        graph_writes_and_own_writes_fail_together,
        an_own_failure_takes_graph_writes_back,
        a_refusal_that_is_handled_lets_the_transaction_go_on,
        a_nested_transaction_fails_alone,
        everything_works_inside_one_transaction on store,
        pooled_connections_take_part_as_well on store,
        instrumentation_sees_every_statement,
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

    types {
        stored_types_are_listed_by_name,
        a_stored_type_tells_its_rules,
        members_are_stored_with_schema_and_ends,
        a_document_says_all_that_was_declared,
        a_type_is_deleted_when_its_graphs_are,
        names_that_nothing_can_have_find_nothing,
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
        what_was_read_is_saved_unless_somebody_wrote_it_since,
        an_edge_updated_to_a_taken_key_is_refused,
        an_update_of_what_is_gone_is_refused,
        an_update_at_an_old_version_is_stale,
        a_row_written_between_reading_and_writing_is_stale on store,
        a_stale_update_is_worth_another_try,
        a_replacement_leaves_nothing_of_the_old,
        a_patch_merges_and_null_removes,
        a_patch_is_judged_by_its_whole_result,
        a_patch_that_names_no_attribute_is_refused,
        a_value_outside_its_rules_is_refused,
        a_batch_with_one_invalid_value_writes_nothing,
    }

    way_laws {
        ways_through_random_graphs_are_those_of_a_model,
    }

    closures {
        a_closure_follows_each_type_its_own_way,
        a_closure_stays_in_its_graph_and_passes_other_types,
        closures_of_random_graphs_are_those_of_a_model,
        a_closure_is_one_statement_whatever_the_depth,
    }

    ways {
        a_depth_bounds_the_length_of_a_shortest_path,
        a_cycle_ends_with_right_depths_and_paths,
        a_diamond_is_one_node_and_two_paths,
        namesakes_of_two_types_are_two_nodes,
        filters_hold_at_each_step_not_after,
        a_subgraph_keeps_edges_with_both_ends_in_it,
        of_equal_shortest_paths_the_smallest_ids_are_taken,
        unusable_weights_are_refused_by_name,
        edges_without_direction_are_ways_both_ways,
        an_end_is_filtered_without_closing_the_way,
        a_way_goes_both_ways_between_different_types,
        ways_are_as_deep_as_one_likes,
    }

    crowds {
        processes_that_write_everything_meet_no_error on store,
    }

    retries {
        what_was_read_and_written_serializably_is_counted on store,
        what_was_written_over_its_version_is_counted on store,
        each_attempt_begins_anew,
        what_stays_the_same_is_not_repeated,
        the_last_failure_is_told,
        inside_of_a_transaction_it_runs_once,
        it_runs_before_there_are_tables on empty,
        a_pool_that_has_no_connection_left_may_have_one_later on store,
    }

    times {
        a_time_written_as_json_is_found_by_its_value,
        a_unique_time_is_taken_in_every_spelling,
        times_of_both_layers_are_in_one_order,
        every_way_to_write_json_writes_times_alike,
        a_time_that_cannot_be_stored_is_refused,
    }

    integrity {
        our_tables_are_as_the_list_has_them on store,
        what_the_library_wrote_is_clean,
        a_check_only_reads,
        rows_of_graphs_that_do_not_exist_are_found,
        ends_that_do_not_exist_are_found,
        types_that_a_graph_does_not_have_are_found,
        a_graph_of_no_type_is_found,
        attributes_that_do_not_fit_are_found_with_their_paths,
        attributes_that_are_no_json_are_found,
        keys_that_are_none_or_others_are_found,
        an_edge_without_its_key_is_found,
        keys_that_cannot_be_keys_are_found,
        attributes_that_are_too_long_for_their_index_are_found,
        texts_that_only_one_database_stores_are_found,
        ends_of_other_types_and_self_loops_are_found,
        edges_without_direction_are_found_in_the_wrong_order,
        columns_that_hide_edges_from_their_rules_are_found,
        rules_that_hidden_edges_break_are_found,
        duplicates_are_found_where_keys_were_dropped,
        unique_attributes_are_asked_where_their_index_is_missing,
        cycles_are_found_and_what_is_beside_them_is_not,
        edges_that_run_both_ways_without_a_cycle_are_clean,
        versions_times_and_nulls_are_found,
        documents_that_were_changed_are_found,
        rows_of_types_that_were_changed_are_found,
        types_of_one_name_are_found,
        documents_that_are_not_as_they_are_written_are_found,
        schemas_that_cannot_be_used_are_found,
        rows_of_graphs_and_actors_are_checked,
        our_tables_are_compared_with_what_we_create,
        a_database_that_is_not_ours_is_refused on empty,
        a_graph_is_checked_alone_even_archived,
        samples_are_the_smallest_and_the_rest_is_counted,
    }

    bulk {
        nodes_say_what_was_done_in_the_order_given,
        edges_say_what_was_done_in_the_order_given,
        json_upserts_in_bulk_say_what_they_did,
        what_is_stored_already_is_not_written,
        one_refused_row_refuses_all,
        the_first_refusal_is_told_where_an_edge_is_given_twice,
        unique_attributes_are_taken_and_freed_in_the_order_given,
        a_batch_of_nodes_is_the_same_as_one_after_another,
        a_batch_of_edges_is_the_same_as_one_after_another,
        a_thousand_rows_are_a_few_statements,
        batches_of_all_lengths_share_their_statements,
        edges_that_take_and_free_in_one_batch_are_judged_in_the_order_given,
        what_a_batch_found_stays_until_its_transaction_ends on store,
        racing_batches_create_each_node_once on store,
        racing_batches_change_rows_in_turn on store,
        batches_beside_deletions_never_fail on store,
    }

    by_unique {
        a_node_is_found_by_what_is_unique_of_it,
        many_nodes_are_found_in_the_order_given,
        an_upsert_by_a_unique_attribute_changes_the_key,
        a_generated_key_stays,
        only_declared_rules_find,
        what_is_absent_finds_nothing,
        other_rules_still_refuse,
        what_a_batch_names_twice_is_one,
        batches_by_unique_attributes_are_a_few_statements,
        racing_finds_by_a_unique_attribute_create_one on store,
        racing_batches_by_a_unique_attribute_create_each_once on store,
    }

    endpoints {
        edges_are_written_between_keys,
        batches_of_edges_are_written_between_keys,
        a_key_that_no_node_has_is_refused_and_named,
        a_key_belongs_to_its_type_and_graph,
        keys_of_a_batch_are_looked_up_together,
        two_ids_are_written_as_before,
        a_node_that_is_renamed_meanwhile_is_waited_for on store,
    }

    query_writes {
        what_a_query_finds_is_changed,
        order_and_limit_say_which_rows_are_written,
        edges_are_written_by_what_is_at_their_ends,
        one_refused_change_refuses_all,
        unique_values_are_shifted_in_the_order_of_rows,
        the_order_of_rows_is_not_the_planner_s,
        keys_change_by_a_query,
        what_is_taken_is_taken_once on store,
        what_others_hold_is_passed_over on store,
        writes_of_queries_are_a_few_statements,
        racing_changes_of_queries_are_all_applied on store,
        what_ceases_to_match_meanwhile_is_left_alone on store,
        what_a_query_finds_is_set,
        what_is_set_is_judged,
        values_of_all_kinds_are_set_as_serde_writes_them,
        racing_sets_of_the_same_rows_wait_in_one_order on store,
    }

    loads {
        a_load_stores_what_the_verbs_do,
        ends_that_are_not_of_the_load_are_looked_up,
        ends_of_other_types_are_refused,
        ends_given_the_other_way_round_are_turned,
        an_end_that_is_gone_meanwhile_is_told on store,
        a_load_goes_on_behind_its_last_batch,
        of_two_who_go_on_with_a_load_one_does on store,
        a_load_that_differs_from_the_one_begun_is_refused,
        a_load_that_failed_takes_nothing_more,
        a_load_that_failed_lets_others_write_at_once on store,
        a_load_has_its_turn_before_it_reads on store,
        loads_that_may_close_a_cycle_take_turns on store,
        progress_is_told_after_every_batch,
        a_refused_row_is_named_with_its_place,
        what_was_taken_back_with_a_load_is_named_as_part_of_it,
        a_closed_graph_refuses_a_load_first_of_all,
        a_load_shares_the_fate_of_the_transaction_around_it,
        cycles_are_found_batch_by_batch_or_at_the_end,
        indexes_are_there_again_after_a_load,
        indexes_are_dropped_where_that_pays,
        a_load_that_is_dropped_leaves_nothing,
        rows_that_a_rebuilt_index_refuses_are_a_conflict,
        memory_does_not_grow_with_the_load on store,
        follows_has_no_attributes_to_load,
    }
}

#[cfg(all(feature = "encryption", feature = "graphs"))]
mod encrypted {
    crate::store::conformance! {
        sealed {
            what_is_sealed_comes_back_with_the_key,
            a_sealed_value_changes_like_any_other,
            queries_ask_what_can_be_asked,
            what_is_not_sealed_is_refused_and_not_shown,
            rows_of_other_implementations_are_read,
            what_is_said_of_sealed_values_says_nothing,
            without_a_key_nothing_opens,
            a_changed_byte_keeps_a_value_from_opening,
            another_version_or_scheme_keeps_a_value_from_opening,
            a_tag_opens_nothing_but_its_own_value,
            a_value_opens_only_where_it_was_sealed,
            names_of_members_are_not_shown,
            what_is_sealed_is_an_attribute_of_its_own,
            a_rotation_ends_whatever_becomes_of_the_ring,
            a_row_that_nobody_can_read_is_named_and_passed_over,
            equal_values_under_two_keys_are_named_when_they_meet,
            a_new_key_needs_the_ring,
            another_type_inside_is_noticed,
            what_is_opened_and_there_twice_is_not_shown,
            owners_may_be_others_than_keys,
            equal_sealed_values_are_found,
            equal_values_of_two_attributes_do_not_look_alike,
            sealed_values_are_unique,
            sealed_values_are_found_by_their_index,
            without_a_key_for_equality_nothing_findable_is_sealed,
            a_credential_is_stored_and_revealed,
            an_expired_credential_is_not_revealed,
            credentials_are_listed_with_who_uses_them,
            a_vault_moves_to_a_new_key,
            values_move_to_the_current_key,
            what_does_not_open_is_named_and_left,
            owners_and_edges_are_as_they_were_sealed,
            a_new_key_for_equality_needs_all_values,
            a_rotation_is_refused_as_a_whole,
            a_hundred_thousand_values_move_beside_writers_and_kills on store,
            a_plain_attribute_becomes_sealed_with_a_ring_only,
            a_sealed_attribute_becomes_plain_with_a_ring_only,
            what_is_opened_and_does_not_fit_is_not_shown,
            what_was_not_sealed_and_goes_is_not_shown,
            a_migration_file_opens_nothing on store,
            sealed_values_move_with_their_names,
            sealed_values_become_findable,
            a_unique_sealed_attribute_asks_the_rows_first,
        }
    }
}
